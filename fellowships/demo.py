"""Named moments of a cycle, reached through the actions alone: the demo shows them and the tests start from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import Person, User
from core.access import Actor
from fellowships import actions
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from mou import demo as mou
from mou.models import Agreement
from partnerships.models import Organisation, Programme


@dataclass(frozen=True)
class Scene:
    """A cycle with one host, its project, and one fellow who is to work there."""

    cycle: Cycle
    host: Host
    project: Project
    fellow: Fellow
    placement: Placement


def planned(
    programme: Programme, organisation: Organisation, person: Person, *, starts: date, ends: date, by: Actor, name: str = ""
) -> Scene:
    """Planned, and nothing signed: the placement cannot start."""
    cycle = actions.open_cycle(programme=programme, name=name or f"Cycle {starts.year}", starts=starts, ends=ends, by=by)
    host = actions.add_host(cycle=cycle, organisation=organisation, by=by)
    project = actions.add_project(
        programme=programme,
        title="Permits without a queue",
        organisation=organisation,
        problem="People wait eleven days for an answer that is known on the first.",
        by=by,
    )
    fellow = actions.add_fellow(cycle=cycle, person=person, by=by)
    placement = actions.add_placement(fellow=fellow, host=host, project=project, by=by)
    return Scene(cycle, host, project, fellow, placement)


def agreement_draft(host: Host, *, by: Actor) -> Agreement:
    """Drafted from the records, with the blanks that these cannot fill."""
    return actions.draft_host_agreement(host=host, by=by)


def agreement_ready(host: Host, *, by: Actor) -> Agreement:
    """A draft without a blank: it may be sent."""
    return mou.fill(agreement_draft(host, by=by), by=by)


def agreement_out(host: Host, *, by: Actor) -> Agreement:
    """Out for signature; nobody has signed."""
    return mou.send(agreement_draft(host, by=by), by=by)


def agreement_in_force(host: Host, signatories: Iterable[User], *, by: Actor) -> Agreement:
    """Signed by all: the placement may start."""
    return mou.sign(agreement_out(host, by=by), signatories)
