"""Handovers: the fellow writes, somebody of the host receives in their own name, and nobody takes over from themselves."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person, User
from core.access import YES, Actor, Verdict, holds, no, signed_in
from fellowships.models import Handover, Placement, Section, last_day_has_come
from fellowships.rules.placement import run_placement
from fellowships.states import DONE, PLACEMENT, SECTION, Level, PlacementState

list_handovers = signed_in


def view_handover(user: User, handover: Handover) -> Verdict:
    return YES if holds(user, "fellowships.view_handover", handover) else no(_("This handover is not yours to see."))


def view_section(user: User, section: Section) -> Verdict:
    return view_handover(user, section.handover)


def read_section(user: User, section: Section) -> Verdict:
    """Its answers. Of a restricted one: who writes it, who receives it, and the receiving lead."""
    receiving = {section.receiver_id, section.handover.lead_id} - {None}
    if not section.restricted or user.person_id in receiving or holds(user, "fellowships.edit_handover", section.handover):
        return view_section(user, section)
    return no(_("Only who writes this section, its receiver and the receiving lead read it."))


def make_handover(by: Actor, placement: Placement) -> Verdict:
    """When a placement starts, or before. It has one."""
    may = run_placement(by, placement)
    if not may:
        return may
    if placement.state not in (PlacementState.PLANNED, PlacementState.ACTIVE):
        return no(_("Only a planned or active placement is handed over."))
    if Handover.objects.filter(placement=placement).exists():
        return no(_("The placement has its handover plan already."))
    return YES if placement.last_day else no(_("The placement has no last day yet. The dates of the handover follow from it."))


def _at_work(handover: Handover) -> Verdict:
    over = _("The placement is %(state)s: its handover stays as it is.")
    state = handover.placement.get_state_display().lower()
    return YES if handover.under_way else no(over % {"state": state})


def _is_the_fellow(by: Actor, handover: Handover) -> bool:
    return getattr(by, "person_id", None) == handover.placement.fellow.person_id


def edit_handover(by: Actor, handover: Handover) -> Verdict:
    """The fellow of the placement and the coordinator write."""
    if not holds(by, "fellowships.edit_handover", handover):
        return no(_("Only the fellow and a coordinator of the programme write the handover."))
    return _at_work(handover)


def edit_section(by: Actor, section: Section) -> Verdict:
    return edit_handover(by, section.handover)


def assign_handover(by: Actor, handover: Handover, *receivers: Person) -> Verdict:
    """Who receives is named by the coordinator, the host's lead or supervisor: people of the host, never the fellow."""
    if not holds(by, "fellowships.assign_handover", handover) or _is_the_fellow(by, handover):
        return no(_("Only a coordinator, or the lead or a supervisor of the host, names who receives."))
    may = _at_work(handover)
    wanted = {person.pk for person in receivers}
    if may and len(wanted) != handover.receivers().filter(pk__in=wanted).count():
        return no(_("Who receives has a role at %(host)s today, and is not the fellow.") % {"host": handover.placement.host})
    return may


def assign_section(by: Actor, section: Section, *receivers: Person) -> Verdict:
    """Not of one that is done: who accepted it stands by it. An edit opens it again."""
    may = assign_handover(by, section.handover, *receivers)
    if may and section.state in DONE:
        words = {"section": section, "state": section.get_state_display().lower()}
        return no(_("“%(section)s” is %(state)s. Once it is changed it is open again, and somebody else can be named.") % words)
    return may


def offer_handover(by: Actor, handover: Handover) -> Verdict:
    return edit_handover(by, handover)


def offer_section(by: Actor, section: Section) -> Verdict:
    """Written, and given to somebody who can take it."""
    may = edit_section(by, section)
    reason = why_not_offered(section, set(section.handover.receivers().values_list("pk", flat=True))) if may else ""
    return no(reason) if reason else may


def why_not_offered(section: Section, live: set[int]) -> str:
    """What stands in the way of offering it, or "". live: who can receive today."""
    if not SECTION.can("offer", section):
        return _("“%(section)s” is %(state)s.") % {"section": section, "state": section.get_state_display().lower()}
    if section.receiver_id is None:
        return _("Nobody is named to receive “%(section)s”.") % {"section": section}
    if section.receiver_id not in live:
        return _("%(name)s has no role at %(host)s any more. Name a new receiver first.") % _receiving(section)
    missing = section.unanswered()
    if missing:
        return _("“%(section)s” is not written yet. Answer: %(questions)s") % {
            "section": section,
            "questions": " ".join(missing),
        }
    return ""


def _receiving(section: Section) -> dict[str, object]:
    return {"name": section.receiver, "host": section.handover.placement.host, "section": section}


def accept_section(by: Actor, section: Section) -> Verdict:
    """Only who is named to receive it, in their own name, while they have a role at the host."""
    person = getattr(by, "person_id", None)
    if person is None or person != section.receiver_id or _is_the_fellow(by, section.handover):
        if section.receiver is None:
            return no(_("Nobody is named to receive “%(section)s”.") % {"section": section})
        return no(_("Only %(name)s accepts this section or sends it back, in their own name.") % _receiving(section))
    if not holds(by, "fellowships.receive_handover", section):
        return no(_("%(name)s has no role at %(host)s any more. A new receiver is needed.") % _receiving(section))
    may = _at_work(section.handover)
    if may and not SECTION.can("accept", section):
        words = {"section": section, "state": section.get_state_display().lower()}
        return no(_("“%(section)s” is %(state)s. Only what is offered is accepted or sent back.") % words)
    return may


send_back_section = accept_section


def waive_section(by: Actor, section: Section) -> Verdict:
    """A required one, by who answers for the programme or the host; never by the fellow."""
    if not holds(by, "fellowships.waive_handover", section.handover) or _is_the_fellow(by, section.handover):
        return no(_("Only a coordinator, or the lead or sponsor of the host, waives a required section."))
    may = _at_work(section.handover)
    if may and section.level != Level.MUST:
        return no(_("A recommended section needs no waiver. Leave it out and say why."))
    if may and not SECTION.can("waive", section):
        words = {"section": section, "state": section.get_state_display().lower()}
        return no(_("“%(section)s” is %(state)s.") % words)
    return may


def leave_out_section(by: Actor, section: Section) -> Verdict:
    """A recommended one, by who writes the handover."""
    may = edit_section(by, section)
    if may and section.level != Level.SHOULD:
        return no(_("A required section is not left out. A coordinator, or the lead or sponsor of the host, can waive it."))
    if may and not SECTION.can("leave_out", section):
        words = {"section": section, "state": section.get_state_display().lower()}
        return no(_("“%(section)s” is %(state)s.") % words)
    return may


def complete_placement(by: Actor, placement: Placement) -> Verdict:
    """Its last day has come, and each required section of its handover is accepted or waived.

    Refused here for the desk and commands, and by a trigger in the database for every other door.
    """
    may = run_placement(by, placement)
    reason = why_not_completed(placement) if may else ""
    return no(reason) if reason else may


def why_not_completed(placement: Placement) -> str:
    """The sentence that says what is missing, or "". Of sections it names each with whose acceptance is missing."""
    if not PLACEMENT.can("complete", placement):
        return _("Only an active placement is completed.")
    if not last_day_has_come(placement):
        assert placement.last_day is not None  # the constraint placement_active_has_days_and_agreement
        return _("The last day is %(day)s. It is completed then, or after.") % {"day": date_format(placement.last_day, "j F Y")}
    handover = Handover.objects.filter(placement=placement).with_missing().first()
    if handover is None:
        return _("The placement has no handover plan yet.")
    missing = [_("%(section)s (%(who)s)") % {"section": each, "who": each.waits_on()} for each in handover.missing()]
    if not missing:
        return ""
    names = {"n": len(missing), "sections": "; ".join(missing)}
    return (
        ngettext(
            "%(n)s required section of the handover is neither accepted nor waived: %(sections)s.",
            "%(n)s required sections of the handover are neither accepted nor waived: %(sections)s.",
            len(missing),
        )
        % names
    )
