"""Who may do what with an agreement and its duties, when, and why not."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.access import HOUSE, YES, Actor, Verdict, holds, no, reach, signed_in
from mou.models import Agreement, Duty, Party, Signature
from mou.states import AGREEMENT, DUTY, AgreementState, DutyState
from partnerships.models import Membership, Programme

list_agreements = list_duties = signed_in


def _coordinates(by: Actor, perm: str, agreement: Agreement) -> Verdict:
    may = holds(by, perm, agreement)
    return YES if may else no(_("Only a coordinator of the programme may do that."))


def view_agreement(user: User, agreement: Agreement) -> Verdict:
    return YES if holds(user, "mou.view_agreement", agreement) else no(_("This agreement is not shared with you."))


def draft_agreement(by: Actor, programme: Programme) -> Verdict:
    coordinated = by is HOUSE or programme.pk in reach(by, "mou.draft_agreement")["programme"]
    return YES if coordinated else no(_("You do not coordinate this programme."))


def edit_agreement(by: Actor, agreement: Agreement) -> Verdict:
    """Terms, duties and signatories change in a draft only: what is out is frozen."""
    may = _coordinates(by, "mou.draft_agreement", agreement)
    if may and agreement.state != AgreementState.DRAFT:
        return no(_("The text is frozen. Take the agreement back to change it."))
    return may


def send_agreement(by: Actor, agreement: Agreement) -> Verdict:
    """Nothing goes out with a blank in it, with a party that owes nothing, or with nobody to sign it."""
    may = _coordinates(by, "mou.send_agreement", agreement)
    if not may:
        return may
    if not AGREEMENT.can("send", agreement):
        return no(_("The agreement has been sent already."))
    obstacles = obstacles_to_sending(agreement)
    return no(" ".join(obstacles)) if obstacles else YES


def obstacles_to_sending(agreement: Agreement) -> list[str]:
    """Every reason at once, a sentence each, so that they can be mended in one go."""
    found = []
    if blanks := agreement.blanks():
        names = ", ".join(f"“{blank.label}”" for blank in blanks)
        found.append(_("The text still has blanks: %(names)s.") % {"names": names})
    for party in agreement.idle_parties():
        found.append(_("%(party)s would owe nothing; each party has at least one duty.") % {"party": party.organisation})
    for party in agreement.parties():
        if party.signatory is None:
            found.append(_("Nobody is named to sign for %(party)s.") % {"party": party.organisation})
        elif not signs_for(party):
            names = {"name": party.signatory, "party": party.organisation}
            found.append(_("%(name)s is not a signatory of %(party)s with a sign-in at present.") % names)
    if agreement.ends and agreement.ends < timezone.localdate():
        found.append(_("The agreement would have run out already: its last day is past."))
    return found


def signs_for(party: Party) -> bool:
    """Whether the named signatory holds that role today, and can sign in to use it."""
    row = Membership.objects.live().filter(person=party.signatory, organisation=party.organisation, role="signatory")
    return row.exists() and User.objects.filter(person=party.signatory, is_active=True).exists()


def recall_agreement(by: Actor, agreement: Agreement) -> Verdict:
    may = _coordinates(by, "mou.send_agreement", agreement)
    if may and not AGREEMENT.can("recall", agreement):
        return no(_("Only an agreement that is out for signature can be taken back."))
    return may


def reopen_agreement(by: Actor, agreement: Agreement) -> Verdict:
    may = _coordinates(by, "mou.draft_agreement", agreement)
    if may and not AGREEMENT.can("reopen", agreement):
        return no(_("Only an agreement that was declined can be opened again."))
    return may


def withdraw_agreement(by: Actor, agreement: Agreement) -> Verdict:
    may = _coordinates(by, "mou.draft_agreement", agreement)
    if may and not AGREEMENT.can("withdraw", agreement):
        return no(_("An agreement that is in force, has ended or was withdrawn cannot be withdrawn."))
    return may


def remind_signatory(by: Actor, agreement: Agreement) -> Verdict:
    may = _coordinates(by, "mou.send_agreement", agreement)
    if may and agreement.state != AgreementState.OUT:
        return no(_("Nobody is waited for: the agreement is not out for signature."))
    return may


def publish_agreement(by: Actor, agreement: Agreement) -> Verdict:
    may = _coordinates(by, "mou.publish_agreement", agreement)
    if may and agreement.state not in (AgreementState.IN_FORCE, AgreementState.EXPIRED):
        return no(_("Only an agreement that both parties have signed can be published."))
    return may


def share_agreement(by: Actor, agreement: Agreement) -> Verdict:
    return _coordinates(by, "mou.share_agreement", agreement)


def sign_agreement(by: Actor, agreement: Agreement) -> Verdict:
    """The named signatory of a party, while the agreement is out, once."""
    parties = Party.objects.filter(agreement=agreement).signable_by(by)
    party = parties.first()
    if party is None:
        return no(_not_the_signatory(agreement))
    if agreement.state != AgreementState.OUT:
        return no(_("The agreement is not out for signature."))
    if Signature.objects.filter(version=agreement.version(), party__in=parties).count() == parties.count():
        return no(_("You have signed this agreement already."))
    return YES


def decline_agreement(by: Actor, agreement: Agreement) -> Verdict:
    """Whoever may sign may refuse to."""
    return sign_agreement(by, agreement)


def _not_the_signatory(agreement: Agreement) -> str:
    named = [f"{party.signatory} ({party.organisation})" for party in agreement.parties() if party.signatory]
    if not named:
        return _("You are not named to sign this agreement.")
    return _("You are not named to sign this agreement. %(names)s sign it.") % {"names": _(" and ").join(named)}


def view_duty(user: User, duty: Duty) -> Verdict:
    return YES if holds(user, "mou.view_agreement", duty) else no(_("This duty is not shared with you."))


def _acts_for(by: Actor, party: Party) -> bool:
    """Members of the organisation with a view of its agreements; for the programme's side its coordinators as well."""
    if by is HOUSE:
        return True
    reached = reach(by, "mou.view_agreement")
    if party.organisation_id in reached["organisation"]:
        return True
    coordinated = reach(by, "mou.draft_agreement")["programme"]
    return party.role == "programme" and party.agreement.programme_id in coordinated


def report_duty(by: Actor, duty: Duty) -> Verdict:
    """The side that owes says what it did."""
    if not _acts_for(by, duty.obligation.debtor):
        return no(_("Only %(party)s, who owes this, can report it as done.") % {"party": duty.obligation.debtor.organisation})
    return YES if DUTY.can("report", duty) else no(_("This duty is not open."))


def accept_duty(by: Actor, duty: Duty) -> Verdict:
    """The other side looks at the evidence; nobody accepts their own."""
    if not _acts_for(by, duty.obligation.creditor):
        return no(_("Only %(party)s, to whom this is owed, can accept it.") % {"party": duty.obligation.creditor.organisation})
    if duty.state != DutyState.SENT:
        return no(_("There is nothing to accept: the duty was not reported as done."))
    return YES


def send_back_duty(by: Actor, duty: Duty) -> Verdict:
    return accept_duty(by, duty)


def date_duty(by: Actor, duty: Duty) -> Verdict:
    """Either side may record that the event has happened."""
    sides = (duty.obligation.debtor, duty.obligation.creditor)
    if not any(_acts_for(by, party) for party in sides):
        return no(_("Only a party to the agreement records an event."))
    return YES if DUTY.can("happen", duty) else no(_("This duty has its date."))
