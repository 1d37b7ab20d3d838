"""Every write about with whom a cycle or a placement is shared."""

from datetime import date

from accounts.models import User
from core import access, audit
from core import notices as told
from core.access import Actor
from core.action import action, lock
from fellowships import rules
from fellowships.models import Cycle, Placement


@action
def share_cycle(*, cycle: Cycle, user: User, until: date | None = None, by: Actor) -> bool:
    """Let one person read this one cycle with all that is in it: an auditor of it. Whether anything is different from before."""
    lock(cycle)
    access.require(rules.share_cycle, by, cycle, user)
    changes = access.share(cycle, user, "fellowships.view_cycle", by=by, until=until)
    if changes:
        reader = {"reader": user.ref, "name": user.get_full_name()}
        audit.record("cycle.shared", cycle, by=by, until=until, changes=changes, **reader)
        told.shared(cycle, user, until)
    return bool(changes)


@action
def unshare_cycle(*, cycle: Cycle, user: User, by: Actor) -> None:
    """End that. Twice it is ended once."""
    lock(cycle)
    access.require(rules.share_cycle, by, cycle)
    if changed := access.unshare(cycle, user):
        audit.record("cycle.unshared", cycle, by=by, reader=user.ref, name=user.get_full_name(), changes=changed)


@action
def share_placement(*, placement: Placement, user: User, until: date | None = None, by: Actor) -> bool:
    """Let one person read this one placement and its handover: a mentor. Whether anything is different from before."""
    lock(placement)
    access.require(rules.share_placement, by, placement, user)
    changes = access.share(placement, user, "fellowships.view_placement", by=by, until=until)
    if changes:
        reader = {"reader": user.ref, "name": user.get_full_name()}
        audit.record("placement.shared", placement, by=by, until=until, changes=changes, **reader)
        told.shared(placement, user, until)
    return bool(changes)


@action
def unshare_placement(*, placement: Placement, user: User, by: Actor) -> None:
    """End that. Twice it is ended once."""
    lock(placement)
    access.require(rules.share_placement, by, placement)
    if changed := access.unshare(placement, user):
        audit.record("placement.unshared", placement, by=by, reader=user.ref, name=user.get_full_name(), changes=changed)
