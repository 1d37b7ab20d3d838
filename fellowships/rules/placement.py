"""Who may place a fellow and start a placement, and what has to be in force first."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person, User
from core.access import YES, Actor, Verdict, holds, no, signed_in
from core.sharing import not_with_oneself
from fellowships.models import STANDING, Fellow, Host, Placement, Project
from fellowships.rules.cycle import edit_cycle
from fellowships.states import FELLOW, OVER, PLACEMENT, FellowState, PlacementState
from mou.models import Agreement
from mou.states import AgreementState

list_placements = signed_in


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


def run_placement(by: Actor, placement: Placement) -> Verdict:
    """Who coordinates the programme, whatever the state of the placement."""
    may = holds(by, "fellowships.edit_placement", placement)
    return YES if may else no(_("Only a coordinator of the programme may do that."))


def share_placement(by: Actor, placement: Placement, user: User | None = None) -> Verdict:
    may = holds(by, "fellowships.share_placement", placement)
    return not_with_oneself(by, user) if may else no(_("Only a coordinator of the programme may do that."))


def edit_placement(by: Actor, placement: Placement, project: Project | None = None) -> Verdict:
    """What is over stays as it was; what is active is changed while its agreement is in force, which has to cover it."""
    may = run_placement(by, placement)
    if not may:
        return may
    if placement.state in OVER:
        return no(_("The placement is over. What is on record of it stays."))
    agreement = placement.agreement
    if placement.state == PlacementState.ACTIVE and agreement and agreement.state != AgreementState.IN_FORCE:
        words = {"number": agreement.ref, "state": agreement.get_state_display().lower()}
        sentence = _("The placement is active under agreement %(number)s, which is %(state)s: its days stay as they are.")
        return no(sentence % words)
    if project is not None and project.programme_id != placement.host.cycle.programme_id:
        return no(_("The project belongs to another programme."))
    return YES


def why_outside(placement: Placement, first: date | None, last: date | None) -> str:
    """Why it cannot have these days, its own or the cycle's, or "". The database refuses the same."""
    agreement = placement.agreement
    if placement.state != PlacementState.ACTIVE or agreement is None or agreement.starts is None or agreement.ends is None:
        return ""
    if first and last and agreement.starts <= first and last <= agreement.ends:
        return ""
    days = {"first": date_format(agreement.starts, "j F Y"), "last": date_format(agreement.ends, "j F Y")}
    return _(
        "The placement is active under agreement %(number)s, which covers %(first)s to %(last)s. It stays within these days."
    ) % {
        "number": agreement.ref,
        **days,
    }


def plan_placement(by: Actor, placement: Placement) -> Verdict:
    may = run_placement(by, placement)
    if may and not PLACEMENT.can("plan", placement):
        return no(_("The placement is planned already, or over."))
    return may


def withdraw_placement(by: Actor, placement: Placement) -> Verdict:
    may = run_placement(by, placement)
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


def start_placement(by: Actor, placement: Placement) -> Verdict:
    """No work before signature: an agreement in force, with this host, for every day of the placement.

    Refused here for the desk and commands, and by a trigger in the database for every other door.
    """
    may = run_placement(by, placement)
    if not may:
        return may
    if not PLACEMENT.can("start", placement):
        return no(_("Only a planned placement starts."))
    if placement.fellow.state != FellowState.TAKES_PART:
        return no(_("%(name)s has left the cycle.") % {"name": placement.fellow.person})
    if placement.first_day is None or placement.last_day is None:
        return no(_("The placement has no first and last day yet."))
    if placement.last_day < placement.first_day:
        return no(_("The last day of the placement lies before its first: change its days."))
    if covering(placement) is None:
        return no(why_not_covered(placement))
    return YES


def covering(placement: Placement) -> Agreement | None:
    """The agreement in force that covers every day of the placement, the host's own first."""
    first, last = placement.first_day, placement.last_day
    if first is None or last is None or last < first:
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


def out_of_step(placement: Placement) -> str:
    """What the host's agreement says otherwise of the placement than the record, and what to do about it; or "".

    A draft takes the record over, what is out is taken back first, and what is signed stays what it is.
    """
    agreement = placement.agreement or placement.host.agreement
    if agreement is None or agreement.state not in STANDING or placement.state in OVER:
        return ""
    if agreement.state == AgreementState.IN_FORCE and covering(placement) is None:
        return ""  # why_not_covered() says it
    named = next((unit for unit in agreement.units if unit["ref"] == placement.ref), None)
    facts = placement.in_text()
    printed = facts if agreement.state == AgreementState.DRAFT else {name: facts[name] for name in IN_WORDS}
    if named and all(named.get(name) == value for name, value in printed.items()):
        return ""
    if named is None:
        sentences = {
            AgreementState.DRAFT: _("The draft %(number)s does not name this placement yet."),
            AgreementState.OUT: _("Agreement %(number)s is out and does not name this placement. Take it back to add it."),
            AgreementState.IN_FORCE: _("Agreement %(number)s was signed before this placement was made, and does not name it."),
        }
        return sentences[AgreementState(agreement.state)] % {"number": agreement.ref}
    sentences = {
        AgreementState.DRAFT: _("The draft %(number)s has this placement as it was on record before."),
        AgreementState.OUT: _("Agreement %(number)s is out and says: %(says)s. Take it back to change that."),
        AgreementState.IN_FORCE: _(
            "Agreement %(number)s was signed with: %(says)s. What was signed stays, and so do its duties."
        ),
    }
    return sentences[AgreementState(agreement.state)] % {"number": agreement.ref, "says": _in_words(named)}


IN_WORDS = ("label", "project", "starts", "ends")


def _in_words(unit: dict[str, Any]) -> str:
    """What Exhibit 1 says of one placement: "Felix, Permits, 1 September 2027 to 30 June 2028"."""
    days = [date_format(date.fromisoformat(unit[name]), "j F Y") for name in ("starts", "ends") if unit.get(name)]
    return ", ".join(filter(None, [unit["label"], unit.get("project"), _(" to ").join(days)]))


def ties_of(person: Person) -> list[str]:
    """Placements of somebody that are planned or running: they are ended before the person is erased."""
    rows = Placement.objects.filter(fellow__person=person, state__in=[PlacementState.PLANNED, PlacementState.ACTIVE])
    sentence = _("Complete or withdraw the placement at %(host)s first.")
    return [sentence % {"host": row.host.organisation} for row in rows.select_related("host__organisation").order_by("pk")]
