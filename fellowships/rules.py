"""Who may run a cycle, who may start a placement, and what has to be in force first."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.access import HOUSE, YES, Actor, Verdict, holds, no, reach, signed_in
from fellowships.models import STANDING, Cycle, Fellow, Host, Placement, Project
from fellowships.states import CYCLE, FELLOW, PLACEMENT, FellowState
from mou.models import Agreement
from mou.states import AgreementState
from partnerships.models import Programme

list_cycles = list_placements = signed_in


def view_cycle(user: User, cycle: Cycle) -> Verdict:
    return YES if holds(user, "fellowships.view_cycle", cycle) else no(_("This cycle is not yours to see."))


def view_cohort(user: User, cycle: Cycle) -> Verdict:
    """Everybody in the cycle and its counts: who runs or audits the programme or belongs to the organisation that signs for
    it, and no host's people."""
    reached = reach(user, "fellowships.view_placement")
    inside = cycle.programme_id in reached["programme"] or cycle.programme.organisation_id in reached["signing"]
    return YES if inside else no(_("You see your own part of this cycle."))


def read_drafts(user: User, cycle: Cycle) -> Verdict:
    """Of agreements with its hosts: a draft belongs to the programme until it is sent, as the rules of agreements say."""
    inside = cycle.programme_id in reach(user, "mou.view_agreement")["programme"]
    return YES if inside else no(_("The programme is working on the text. You read it when it is sent to you."))


def open_cycle(by: Actor, programme: Programme | None = None) -> Verdict:
    """Of this programme; without one, of any at all."""
    run = reach(by, "fellowships.edit_cycle")["programme"] if by is not HOUSE else []
    if by is HOUSE or (programme.pk in run if programme else run):
        return YES
    return no(_("You do not coordinate this programme.") if programme else _("Only a programme coordinator opens a cycle."))


def edit_cycle(by: Actor, cycle: Cycle) -> Verdict:
    may = holds(by, "fellowships.edit_cycle", cycle)
    return YES if may else no(_("Only a coordinator of the programme may do that."))


def publish_cycle(by: Actor, cycle: Cycle) -> Verdict:
    may = edit_cycle(by, cycle)
    if may and not (CYCLE.can("publish", cycle) or CYCLE.can("unpublish", cycle)):
        return no(_("The cycle cannot be published from this state."))
    return may


def draft_host_agreement(by: Actor, host: Host) -> Verdict:
    """One agreement at a time: a new one may follow one that was withdrawn, declined or has ended."""
    may = edit_cycle(by, host.cycle)
    reason = why_no_draft(host) if may else ""
    return no(reason) if reason else may


def why_no_drafts(cycle: Cycle) -> str:
    """What stands in the way of drafting the agreement with any host of the cycle, or ""."""
    if cycle.starts is None or cycle.ends is None:
        return _("The cycle has no first and last day yet. Set them first; the agreement covers them.")
    if cycle.programme.organisation is None:
        return _("The programme has no organisation that signs for it yet. Choose it first.")
    return ""


def why_no_draft(host: Host) -> str:
    """What stands in the way of drafting its agreement, or "". Asks nothing after HostQuerySet.with_words()."""
    hindered = why_no_drafts(host.cycle)
    if hindered:
        return hindered
    if host.cycle.programme.organisation_id == host.organisation_id:
        return _("The host is the organisation that signs for the programme; nobody agrees with themselves.")
    if host.agreement is not None and host.agreement.state in STANDING:
        return _("Agreement %(number)s with this host stands already.") % {"number": host.agreement.ref}
    return ""


def refresh_host_agreement(by: Actor, host: Host) -> Verdict:
    """A draft is brought up to the records: days, places and projects may have changed since."""
    may = edit_cycle(by, host.cycle)
    if may and (host.agreement is None or host.agreement.state != AgreementState.DRAFT):
        return no(_("Only a draft is brought up to the records."))
    return may


def prepare_host_agreement(by: Actor, host: Host) -> Verdict:
    """Draft it, or bring the draft up to the records."""
    return refresh_host_agreement(by, host) or draft_host_agreement(by, host)


def view_placement(user: User, placement: Placement) -> Verdict:
    return YES if holds(user, "fellowships.view_placement", placement) else no(_("This placement is not yours to see."))


def view_fellow(user: User, fellow: Fellow) -> Verdict:
    return YES if holds(user, "fellowships.view_placement", fellow) else no(_("This fellow is not yours to see."))


def add_placement(by: Actor, fellow: Fellow, host: Host | None = None, project: Project | None = None) -> Verdict:
    """Somebody who takes part, at a host of the same cycle, for a project of the same programme."""
    may = edit_cycle(by, fellow.cycle)
    if not may:
        return may
    if fellow.state != FellowState.TAKES_PART:
        return no(_("%(name)s has left the cycle.") % {"name": fellow.person})
    if host is not None and host.cycle_id != fellow.cycle_id:
        return no(_("%(host)s is a host of another cycle.") % {"host": host})
    if project is not None and project.programme_id != fellow.cycle.programme_id:
        return no(_("The project belongs to another programme."))
    return YES


def edit_placement(by: Actor, placement: Placement) -> Verdict:
    may = holds(by, "fellowships.edit_placement", placement)
    return YES if may else no(_("Only a coordinator of the programme may do that."))


def plan_placement(by: Actor, placement: Placement) -> Verdict:
    may = edit_placement(by, placement)
    if may and not PLACEMENT.can("plan", placement):
        return no(_("The placement is planned already, or over."))
    return may


def withdraw_placement(by: Actor, placement: Placement) -> Verdict:
    may = edit_placement(by, placement)
    if may and not PLACEMENT.can("withdraw", placement):
        return no(_("The placement was ended already."))
    return may


def withdraw_fellow(by: Actor, fellow: Fellow) -> Verdict:
    may = edit_cycle(by, fellow.cycle)
    if may and not FELLOW.can("withdraw", fellow):
        return no(_("The fellow has left already."))
    return may


def replace_fellow(by: Actor, fellow: Fellow) -> Verdict:
    may = edit_cycle(by, fellow.cycle)
    if may and fellow.state != FellowState.WITHDRAWN:
        return no(_("Only somebody who has left is replaced."))
    if may and Fellow.objects.filter(replaces=fellow).exists():
        return no(_("Somebody follows in this place already."))
    return may


def edit_project(by: Actor, project: Project) -> Verdict:
    return open_cycle(by, project.programme)


def start_placement(by: Actor, placement: Placement) -> Verdict:
    """No work before signature: an agreement in force, with this host, for every day of the placement.

    Refused here for the desk and commands, and by a trigger in the database for every other door.
    """
    may = edit_placement(by, placement)
    if not may:
        return may
    if not PLACEMENT.can("start", placement):
        return no(_("Only a planned placement starts."))
    if placement.fellow.state != FellowState.TAKES_PART:
        return no(_("%(name)s has left the cycle.") % {"name": placement.fellow.person})
    if placement.first_day is None or placement.last_day is None:
        return no(_("The placement has no first and last day yet."))
    if covering(placement) is None:
        return no(why_not_covered(placement))
    return YES


def covering(placement: Placement) -> Agreement | None:
    """The agreement in force that covers every day of the placement, the host's own first."""
    first, last = placement.first_day, placement.last_day
    if first is None or last is None:
        return None
    host = placement.host
    found = Agreement.objects.filter(programme=host.cycle.programme).covering(host.organisation, first, last)
    own = found.filter(pk=host.agreement_id).first() if host.agreement_id else None
    return own or found.order_by("pk").first()


def why_not_covered(placement: Placement) -> str:
    """The sentence that names what, and who, is missing."""
    host, agreement = placement.host, placement.host.agreement
    names = {"host": host.organisation, "number": agreement.ref if agreement else ""}
    if agreement is None:
        return _("There is no agreement with %(host)s. Nothing starts before both sides have signed one.") % names
    if agreement.state == AgreementState.OUT:
        missing = [
            _("%(name)s for %(party)s") % {"name": p.signatory, "party": p.organisation} for p in agreement.missing_signatures()
        ]
        return _("Agreement %(number)s is not signed yet. Missing: %(missing)s.") % {**names, "missing": "; ".join(missing)}
    first, last = placement.first_day, placement.last_day
    if agreement.state == AgreementState.IN_FORCE and agreement.starts and agreement.ends and first and last:
        days = {
            "first": date_format(agreement.starts, "j F Y"),
            "last": date_format(agreement.ends, "j F Y"),
            "starts": date_format(first, "j F Y"),
            "ends": date_format(last, "j F Y"),
        }
        return _("Agreement %(number)s covers %(first)s to %(last)s; the placement runs from %(starts)s to %(ends)s.") % {
            **names,
            **days,
        }
    state = agreement.get_state_display().lower()
    return _("Agreement %(number)s with %(host)s is not in force: it is %(state)s.") % {**names, "state": state}


def why_it_waits(user: User, placement: Placement) -> str:
    """The same for somebody who may not read the agreement: a fellow learns that it is missing, not who has not signed."""
    agreement = placement.host.agreement
    if agreement is None or holds(user, "mou.view_agreement", agreement):
        return why_not_covered(placement)
    return _("The agreement with %(host)s is not in force yet. The programme sees to it.") % {"host": placement.host.organisation}
