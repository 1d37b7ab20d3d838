"""Every write about an output of a hackathon: added, changed, taken out while it is open, given an owner at an agency."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Person
from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from core.models import ExternalId
from partnerships import notices, rules
from partnerships.models import FollowUp, Hackathon, Organisation, Output
from partnerships.states import FollowUpState

EDITABLE = frozenset(["title", "summary", "kind", "team_size", "users", "prize", "link", "next_step"])


@action
def add_output(*, hackathon: Hackathon, title: str, by: Actor, **facts: Any) -> Output:
    """With the next number. Raises ValidationError when the hackathon has one of this title: a second click adds nothing."""
    lock(hackathon)
    access.require(rules.add_output, by, hackathon)
    _free(hackathon, title)
    output = Output.objects.create(hackathon=hackathon, number=_next_in(hackathon), title=title, **_known(facts))
    audit.record("output.added", output, by=by)
    _touch(hackathon)
    return output


@action
def edit_output(*, output: Output, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """The names of the fields that changed. Raises ValidationError: the title is taken."""
    lock(output.hackathon, output)
    access.require(rules.edit_output, by, output)
    known = _known(facts)
    if known.get("title", output.title) != output.title:
        _free(output.hackathon, known["title"])
    changed = store(output, known)
    if changed:
        audit.record("output.edited", output, by=by, fields=audit.labels(output, changed), changes=changed)
        _touch(output.hackathon)
    return list(changed)


@action
def remove_output(*, output: Output, by: Actor) -> None:
    """Taken out of an open hackathon, with a line of its history: what was added by mistake needs no owner."""
    hackathon = output.hackathon
    lock(hackathon, output)
    access.require(rules.remove_output, by, output)
    audit.record("output.removed", hackathon, by=by, title=output.title, number=output.number)
    ExternalId.objects.filter(kind=output._meta.label_lower, target=output.ref).delete()  # a later import may bring it anew
    output.delete()
    _touch(hackathon)


@action
def name_owner(*, output: Output, agency: Organisation, owner: Person, by: Actor) -> bool:
    """Who answers at which agency; False when it was so already. A question that is open is told to the new owner."""
    lock(output.hackathon, output)
    access.require(rules.name_owner, by, output, agency, owner)
    if not store(output, {"agency": agency, "owner": owner}):
        return False
    audit.record("output.owner_named", output, by=by, person=owner.ref, name=owner.name, agency=agency.name)
    for follow_up in FollowUp.objects.filter(output=output, state=FollowUpState.ASKED):
        notices.owner_named(follow_up, owner)
    _touch(output.hackathon)
    return True


def _next_in(hackathon: Hackathon) -> int:
    """The next number of an output, from 1. Under the lock of the hackathon."""
    highest: int | None = Output.objects.filter(hackathon=hackathon).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not fields of an output: {sorted(unknown)}")
    return dict(facts)


def _free(hackathon: Hackathon, title: str) -> None:
    if Output.objects.filter(hackathon=hackathon, title=title).exists():
        raise ValidationError({"title": _("This hackathon has an output called “%(title)s” already.") % {"title": title}})


def _touch(hackathon: Hackathon) -> None:
    if hackathon.published_at is not None:
        public.touch()
