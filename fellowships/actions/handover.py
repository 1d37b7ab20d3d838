"""Every write about the handover of a placement: the plan, who receives it, its sections and what becomes of each."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person, User
from core import access, audit
from core.access import Actor
from core.action import action, lock, store
from fellowships import notices, rules
from fellowships.kinds import handover_outline
from fellowships.models import Handover, Placement, Section
from fellowships.states import DONE, SECTION, SectionState
from partnerships.models import Membership

RESTRICTED = gettext_lazy("written, and read by few: not in the log")
# What an acceptance, a waiver or a section that is left out wrote down, and what is gone when it is open again.
NOTHING_SAID = {
    "accepted_by": None,
    "accepted_at": None,
    "accepted_sha256": "",
    "waived_by": None,
    "waived_at": None,
    "reason": "",
}


@action
def make_handover(*, placement: Placement, by: Actor) -> Handover:
    """The plan from the shipped outline, with a date for each section counted from the last day of the placement."""
    lock(placement)
    access.require(rules.make_handover, by, placement)
    outline = handover_outline()
    handover = Handover(
        placement=placement,
        outline=outline.slug,
        version=outline.version,
        rule=outline.accepted_by,
        milestones=outline.milestones,
    )
    handover.due = handover.day_of(handover.rule)
    handover.save()
    Section.objects.bulk_create(
        Section(
            handover=handover,
            key=part.key,
            number=part.number,
            title=part.title,
            level=part.level,
            owner_role=part.owner_role,
            rule=part.rule,
            due=handover.day_of(part.rule),
            questions=part.questions,
            done_means=part.done_means,
            restricted=part.restricted,
        )
        for part in outline.parts
    )
    audit.record("handover.made", handover, by=by, sections=len(outline.parts))
    return handover


@action
def date_handover(*, placement: Placement, by: Actor) -> None:
    """The days of the placement have moved, and the dates of its handover with them. What is accepted stays accepted."""
    access.require(rules.run_placement, by, placement)
    handover = Handover.objects.filter(placement=placement).first()
    if handover is None:
        return
    handover.placement = placement
    changed = store(handover, {"due": handover.day_of(handover.rule)})
    for section in handover.sections():
        if moved := store(section, {"due": handover.day_of(section.rule)}):
            changed[section.title] = moved["due"]
    if changed:
        ends, due = placement.last_day, handover.due
        audit.record("handover.dated", handover, by=by, ends=_iso(ends), due=_iso(due), changes=changed)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else "–"


@action
def assign_handover(*, handover: Handover, receivers: Mapping[str, Person], by: Actor, lead: Person | None = None) -> int:
    """Name the receiving lead, and for each role of an owner who receives its sections. How many sections changed hands.

    Sections that are accepted, waived or left out stay with whom they are. Raises PermissionDenied for somebody who has no
    role at the host today, and for the fellow.
    """
    lock(handover.placement, handover)
    named = [*receivers.values(), *([lead] if lead else [])]
    access.require(rules.assign_handover, by, handover, *named)
    if lead and lead.pk != handover.lead_id:
        changed = store(handover, {"lead": lead})
        audit.record("handover.lead_named", handover, by=by, name=lead.name, changes=changed)
    given, offered = 0, dict[Person, list[Section]]()
    for section in handover.section_set.exclude(state__in=DONE).order_by("number"):
        receiver = receivers.get(section.owner_role)
        if receiver and receiver.pk != section.receiver_id:
            section.handover = handover
            if _given(section, receiver, by):
                offered.setdefault(receiver, []).append(section)
            given += 1
    for receiver, sections in offered.items():
        notices.sections_offered(handover, receiver, sections, timezone.now())
    return given


@action
def assign_section(*, section: Section, receiver: Person, by: Actor) -> None:
    """Name who receives it. What was offered to somebody else is now offered to this one."""
    lock(section.handover.placement)
    if _given(section, receiver, by):
        notices.sections_offered(section.handover, receiver, [section], timezone.now())


def _given(section: Section, receiver: Person, by: Actor) -> bool:
    """Whether it was offered and is now to somebody else, who has to be told."""
    lock(section)
    access.require(rules.assign_section, by, section, receiver)
    changed = store(section, {"receiver": receiver})
    if not changed:
        return False
    audit.record("section.assigned", section, by=by, title=section.title, name=receiver.name, changes=changed)
    return section.state == SectionState.OFFERED


@action
def edit_section(*, section: Section, answers: Mapping[str, str], shown: str, by: Actor) -> bool:
    """Write the answers; half an answer is kept as well. True when something changed.

    shown: section.sha256() of what the writer had before them; ValidationError "changed" when somebody else has written
    since. Whatever was offered, accepted, waived or left out is open again: nothing changes under an acceptance.
    """
    lock(section.handover.placement, section)
    access.require(rules.edit_section, by, section)
    kept = {row["id"]: answers.get(row["id"], "").strip() for row in section.questions}
    kept = {name: text for name, text in kept.items() if text}
    if kept == section.answers:
        return False
    if shown != section.sha256():
        raise ValidationError(_("Somebody else has changed this section since you opened it."), code="changed")
    if section.state != SectionState.OPEN:
        before, accepted_by = section.get_state_display().lower(), section.accepted_by
        SECTION.apply("reopen", section, by=by, note={"title": section.title, "before": before}, offered_at=None, **NOTHING_SAID)
        if accepted_by:
            notices.section_reopened(section, accepted_by, timezone.now())
    before = section.answers
    store(section, {"answers": kept})
    audit.record("section.written", section, by=by, title=section.title, changes=_written(section, before))
    return True


def _written(section: Section, before: Mapping[str, str]) -> dict[str, list[Any]]:
    """{question: [before, after]}. Who reads the log need not be one of the few who read a restricted section."""
    pairs = {row["text"]: [before.get(row["id"], ""), section.answers.get(row["id"], "")] for row in section.questions}
    differ = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if section.restricted:
        return {name: [text and str(RESTRICTED) for text in pair] for name, pair in differ.items()}
    return differ


@action
def offer_handover(*, handover: Handover, sections: Iterable[Section], by: Actor) -> int:
    """Give these sections to their receivers; each receiver gets one mail about all of theirs. How many were offered."""
    lock(handover.placement)
    access.require(rules.offer_handover, by, handover)
    now = timezone.now()
    told: dict[Person, list[Section]] = {}
    for section in sorted(sections, key=lambda each: each.number):
        _offer(section, by)
        assert section.receiver is not None  # the rule
        told.setdefault(section.receiver, []).append(section)
    for receiver, offered in told.items():
        notices.sections_offered(handover, receiver, offered, now)
    return sum(map(len, told.values()))


@action
def offer_section(*, section: Section, by: Actor) -> None:
    """Give one section to its receiver."""
    offer_handover(handover=section.handover, sections=[section], by=by)


def _offer(section: Section, by: Actor) -> None:
    lock(section)
    access.require(rules.offer_section, by, section)
    note = {"title": section.title, "name": str(section.receiver)}
    SECTION.apply("offer", section, by=by, note=note, offered_at=timezone.now(), sent_back="")


@action
def accept_section(*, section: Section, shown: str, by: User) -> None:
    """Its receiver takes it over, as it was shown: section.sha256() of that. ValidationError when it has changed since."""
    _lock_for_receiver(section, by)
    access.require(rules.accept_section, by, section)
    if shown != section.sha256():
        raise ValidationError(_("The section has changed since you opened it. Read it again."), code="changed")
    facts = {"accepted_by": by.person, "accepted_at": timezone.now(), "accepted_sha256": shown}
    SECTION.apply("accept", section, by=by, note={"title": section.title, "shown": shown}, **facts)


@action
def send_back_section(*, section: Section, reason: str, by: User) -> None:
    """Its receiver says what is missing; it is open again."""
    _lock_for_receiver(section, by)
    access.require(rules.send_back_section, by, section)
    _with_reason(reason)
    note = {"title": section.title, "reason": reason[:300]}
    SECTION.apply("send_back", section, by=by, note=note, sent_back=reason, offered_at=None)
    notices.section_sent_back(section, reason, timezone.now())


def _lock_for_receiver(section: Section, by: User) -> None:
    """Whoever ends the role that lets them receive waits for the answer, or has ended it before."""
    host = section.handover.placement.host.organisation_id
    lock(section.handover.placement, section, *Membership.objects.live().filter(person=by.person_id, organisation=host))


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: it stays on record.")})


@action
def waive_section(*, section: Section, reason: str, by: User) -> None:
    """The placement may be completed without it; who says so stands on record. Raises ValidationError without a reason."""
    lock(section.handover.placement, section)
    access.require(rules.waive_section, by, section)
    _with_reason(reason)
    facts = {"waived_by": by.person, "waived_at": timezone.now(), "reason": reason, "offered_at": None}
    SECTION.apply("waive", section, by=by, note={"title": section.title, "reason": reason[:300]}, **facts)


@action
def leave_out_section(*, section: Section, reason: str, by: Actor) -> None:
    """A recommended section that does not fit here; the plan says why."""
    lock(section.handover.placement, section)
    access.require(rules.leave_out_section, by, section)
    _with_reason(reason)
    note = {"title": section.title, "reason": reason[:300]}
    SECTION.apply("leave_out", section, by=by, note=note, reason=reason, offered_at=None)
