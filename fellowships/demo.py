"""Named moments of a cycle, reached through the actions alone: the demo shows them and the tests start from them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Person, User
from core.access import Actor
from fellowships import actions
from fellowships.kinds import handover_outline
from fellowships.models import Cycle, Fellow, Handover, Host, Placement, Project, Section
from fellowships.states import Level, SectionState
from mou import demo as mou
from mou.models import Agreement
from partnerships.models import Organisation, Programme

Texts = Mapping[tuple[str, str], str]


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


def handover_written(
    handover: Handover,
    receivers: Iterable[User],
    *,
    fellow: User,
    by: User,
    but: Collection[int] = (),
    texts: Texts | None = None,
) -> list[Section]:
    """Receivers are named in turn, one for each part of the work; every section but these numbers is written and offered.

    texts: {(section, question): answer}; what is not in it gets an example. The first receiver leads at the host.
    """
    people = [user.person for user in receivers if user.person]
    roles = dict.fromkeys(section.owner_role for section in handover.sections())
    named = {role: people[place % len(people)] for place, role in enumerate(roles)}
    actions.assign_handover(handover=handover, receivers=named, lead=people[0], by=by)
    sections = list(handover.section_set.filter(state=SectionState.OPEN).exclude(number__in=but))
    for section in sections:
        answers = {row["id"]: (texts or {}).get((section.key, row["id"])) or _example(row) for row in section.questions}
        actions.edit_section(section=section, answers=answers, shown=section.sha256(), by=fellow)
    actions.offer_handover(handover=handover, sections=sections, by=fellow)
    return sections


def _example(question: dict[str, Any]) -> str:
    if question["type"] in ("choice", "yes_no"):
        return str(question.get("choices", ["yes"])[0])
    return "Written down in the project folder and walked through together."


def handover_accepted(sections: Iterable[Section], receivers: Iterable[User]) -> None:
    """Each section is accepted by the one of these who receives it."""
    by_person = {user.person_id: user for user in receivers}
    for section in sections:
        actions.accept_section(section=section, shown=section.sha256(), by=by_person[section.receiver_id])


def handed_over(
    placement: Placement,
    receivers: Collection[User],
    *,
    fellow: User,
    by: User,
    but: Collection[int] = (),
    texts: Texts | None = None,
) -> Handover:
    """A handover of which every section but these numbers is written, offered and accepted.

    With `but` empty it is accepted as a whole; with a required one among them it is in part, or late when its day has passed.
    receivers: people of the host with a sign-in, the lead first.
    """
    handover = Handover.objects.filter(placement=placement).first() or actions.make_handover(placement=placement, by=by)
    sections = handover_written(handover, receivers, fellow=fellow, by=by, but=but, texts=texts)
    handover_accepted(sections, receivers)
    return handover


def musts() -> list[int]:
    """The numbers of the required sections."""
    return [part.number for part in handover_outline().parts if part.level == Level.MUST]
