"""Who may run a cycle, its hosts, and draft the agreement that a host needs."""

from django.utils.translation import gettext as _

from accounts.models import User
from core.access import HOUSE, YES, Actor, Verdict, holds, no, reach, signed_in
from core.sharing import not_with_oneself
from fellowships.models import STANDING, Cycle, Host
from mou.states import AgreementState
from partnerships.models import Programme

list_cycles = signed_in


def view_cycle(user: User, cycle: Cycle) -> Verdict:
    return YES if holds(user, "fellowships.view_cycle", cycle) else no(_("This cycle is not yours to see."))


def view_cohort(user: User, cycle: Cycle) -> Verdict:
    """Everybody in the cycle and its counts: who runs or audits the programme or this cycle or belongs to the organisation that
    signs for it, and no host's people. The same see by name who else sees it."""
    reached = reach(user, "fellowships.view_placement")
    inside = cycle.programme_id in reached["programme"] or cycle.programme.organisation_id in reached["signing"]
    return YES if inside or cycle.pk in reached["cycle"] else no(_("You see your own part of this cycle."))


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


def share_cycle(by: Actor, cycle: Cycle, user: User | None = None) -> Verdict:
    may = holds(by, "fellowships.share_cycle", cycle)
    return not_with_oneself(by, user) if may else no(_("Only a coordinator of the programme may do that."))


def publish_cycle(by: Actor, cycle: Cycle) -> Verdict:
    """And take it off again: each of the two states has its way to the other."""
    return edit_cycle(by, cycle)


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
