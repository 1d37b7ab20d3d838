"""Who may do what with an agreement and its duties, when, and why not."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person, User
from core.access import HOUSE, YES, Actor, Verdict, holds, no, reach, signed_in
from core.audit import subject_of
from core.models import Event, Message
from core.sharing import not_with_oneself
from mou.models import Agreement, AgreementShare, Duty, Party, Signature
from mou.states import AGREEMENT, DUTY, AgreementState, DutyState
from partnerships.models import Membership, Organisation, Programme

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


def read_draft(by: Actor, agreement: Agreement) -> Verdict:
    """A draft belongs to the programme and whom it shares it with: the parties read what was last sent to them."""
    reached = reach(by, "mou.view_agreement", AgreementShare)
    inside = by is HOUSE or agreement.programme_id in reached["programme"] or agreement.pk in reached.shared
    return YES if inside else no(_("The programme is working on the text. You read it when it is sent to you."))


def prepare_agreement(by: Actor, agreement: Agreement) -> Verdict:
    """Look at what is about to be sent, with every obstacle."""
    may = _coordinates(by, "mou.send_agreement", agreement)
    if may and not AGREEMENT.can("send", agreement):
        return no(_("The agreement has been sent already."))
    return may


def send_agreement(by: Actor, agreement: Agreement) -> Verdict:
    """Nothing goes out with a blank in it, with a party that owes nothing, or with nobody to sign it."""
    may = prepare_agreement(by, agreement)
    obstacles = obstacles_to_sending(agreement) if may else []
    return no(" ".join(obstacle.sentence for obstacle in obstacles)) if obstacles else may


@dataclass(frozen=True)
class Obstacle:
    """Why an agreement cannot be sent, and where that is mended: terms, duties, signatories, or an organisation's record."""

    sentence: str
    mend: str
    organisation: Organisation | None = None


def obstacles_to_sending(agreement: Agreement, signing: Set[int] | None = None) -> list[Obstacle]:
    """Every reason at once, a sentence each, so that they can be mended in one go.

    `signing` is what able_to_sign() gave, where many agreements are looked at.
    """
    parties = agreement.parties()
    able = able_to_sign(parties) if signing is None else signing
    found = [*_blanks(agreement), *_days(agreement)]
    for party in agreement.idle_parties():
        sentence = _("%(party)s would owe nothing; each party has at least one duty.")
        found.append(Obstacle(sentence % {"party": party.organisation}, "duties"))
    for party in parties:
        names = {"name": party.signatory, "party": party.organisation}
        if party.signatory is None:
            found.append(Obstacle(_("Nobody is named to sign for %(party)s.") % names, "signatories"))
        elif party.pk not in able:
            sentence = _("%(name)s is not a signatory of %(party)s with a sign-in at present.")
            found.append(Obstacle(sentence % names, "signatories"))
    return [*found, *_both_sides(parties)]


def _both_sides(parties: Iterable[Party]) -> list[Obstacle]:
    """Nobody agrees with themselves, whatever they may sign for."""
    named = [party.signatory for party in parties if party.signatory]
    twice = dict.fromkeys(person for person in named if named.count(person) > 1)
    sentence = _("%(name)s is named to sign for both sides. Nobody signs for both: name somebody else for one of them.")
    return [Obstacle(sentence % {"name": person}, "signatories") for person in twice]


def _blanks(agreement: Agreement) -> list[Obstacle]:
    """One for the terms, one for each party whose record lacks something."""
    sides: dict[str, list[str]] = {}
    for blank in agreement.blanks():
        sides.setdefault(blank.source.removeprefix("party:") if blank.source.startswith("party:") else "", []).append(blank.label)
    parties = {party.role: party.organisation for party in agreement.parties()}
    found = []
    for role, labels in sides.items():
        names = {"names": ", ".join(f"“{label}”" for label in labels), "party": parties.get(role)}
        if role in parties:
            found.append(Obstacle(_("The record of %(party)s lacks: %(names)s.") % names, "organisation", parties[role]))
        else:
            found.append(Obstacle(_("The text still has blanks: %(names)s.") % names, "terms"))
    return found


def _days(agreement: Agreement) -> list[Obstacle]:
    """Every time limit counts from these days: they have to be there, to come, and to lie within each other."""
    starts, ends = agreement.starts, agreement.ends
    if starts is None or ends is None:
        return [Obstacle(_("The agreement has no first and last day yet."), "terms")]
    found = []
    if ends < timezone.localdate():
        found.append(Obstacle(_("The agreement would have run out already: its last day is past."), "terms"))
    for unit in agreement.units:
        if not (unit["starts"] and unit["ends"]):
            found.append(Obstacle(_("%(name)s has no first and last day yet.") % {"name": unit["label"]}, "terms"))
        elif unit["ends"] < unit["starts"]:
            found.append(Obstacle(_("The last day of %(name)s lies before its first.") % {"name": unit["label"]}, "terms"))
        elif unit["starts"] < starts.isoformat() or unit["ends"] > ends.isoformat():
            days = {"name": unit["label"], "first": date_format(starts, "j F Y"), "last": date_format(ends, "j F Y")}
            found.append(Obstacle(_("The days of %(name)s lie outside %(first)s to %(last)s.") % days, "terms"))
    return found


def able_to_sign(parties: Iterable[Party]) -> set[int]:
    """Keys of the parties whose named signatory holds that role today and can sign in to use it. One query for all."""
    held = {"person": OuterRef("signatory"), "organisation": OuterRef("organisation")}
    roles = Membership.objects.live().filter(role="signatory", **held)
    sign_ins = User.objects.filter(person=OuterRef("signatory"), is_active=True)
    rows = Party.objects.filter(Exists(roles), Exists(sign_ins), pk__in=[party.pk for party in parties])
    return set(rows.values_list("pk", flat=True))


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
    if may and not able_to_sign(agreement.missing_signatures()):
        return no(_("Whose signature is missing cannot sign now: the role has ended, or there is no sign-in. Take it back."))
    if may and reminded_today(agreement):
        return no(_("A reminder went out today already. The next one can go tomorrow."))
    return may


def reminded_today(agreement: Agreement) -> bool:
    """One reminder a day: a second one is not sent, so it is not offered either."""
    about, today = subject_of(agreement), timezone.localdate().isoformat()
    return Message.objects.filter(about=about, key__startswith="reminded:", key__contains=f":{today}:").exists()


def publish_agreement(by: Actor, agreement: Agreement) -> Verdict:
    may = _coordinates(by, "mou.publish_agreement", agreement)
    if may and agreement.state not in (AgreementState.IN_FORCE, AgreementState.EXPIRED):
        return no(_("Only an agreement that both parties have signed can be published."))
    if may and agreement.published_at is None and agreement.kept_back:
        return no(_("A party is sensitive: an agreement that names it cannot be published."))
    return may


def share_agreement(by: Actor, agreement: Agreement, user: User | None = None) -> Verdict:
    may = _coordinates(by, "mou.share_agreement", agreement)
    return not_with_oneself(by, user) if may else may


def sign_agreement(by: Actor, agreement: Agreement) -> Verdict:
    """The named signatory of a party, while the agreement is out, once, and never for both sides."""
    parties = Party.objects.filter(agreement=agreement).signable_by(by)
    party = parties.first()
    if party is None:
        return no(_not_the_signatory(agreement))
    if parties.count() > 1:
        sentence = _("You are named to sign for both sides: %(names)s. Nobody signs for both. A coordinator can take it back.")
        return no(sentence % {"names": ", ".join(str(each.organisation) for each in parties.order_by("pk"))})
    if agreement.state != AgreementState.OUT:
        return no(_("The agreement is not out for signature."))
    if Signature.objects.filter(version=agreement.version(), party__in=parties).count() == parties.count():
        return no(_("You have signed this agreement already."))
    return YES


def has_signed(by: Actor, agreement: Agreement) -> bool:
    """Whether this person signed what was last sent."""
    person = getattr(by, "person_id", None)
    return bool(person) and Signature.objects.filter(version=agreement.version(), person=person).exists()


def open_sign_page(by: Actor, agreement: Agreement) -> Verdict:
    """Who may sign, and who has: a second click or a kept address leads those to the agreement, not to a refusal."""
    may = sign_agreement(by, agreement)
    return YES if may or has_signed(by, agreement) else may


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
    """The other side looks at the evidence; nobody accepts their own, for whichever side they said it.

    What a party owes to somebody of its own, such as its fellow, is accepted by somebody else of it.
    """
    owed_by, owed_to = duty.obligation.debtor, duty.obligation.creditor
    names = {"mine": owed_by.organisation, "party": owed_to.organisation}
    if not _acts_for(by, owed_to):
        return no(_("Only %(party)s, to whom this is owed, can accept it.") % names)
    if by is not HOUSE and owed_by != owed_to and _acts_for(by, owed_by):
        return no(_("You act for %(mine)s, who owes it, as well. Somebody else of %(party)s answers.") % names)
    if duty.state != DutyState.SENT:
        return no(_("There is nothing to accept: the duty was not reported as done."))
    if by is not HOUSE and _reported_by(duty) == by.ref:
        return no(_("You reported it yourself. Somebody else of %(party)s answers.") % names)
    return YES


def _reported_by(duty: Duty) -> str:
    """Who said last that it is done: the role in which they said it may have ended since."""
    said = Event.objects.filter(subject=subject_of(duty), verb="duty.reported").order_by("-seq").first()
    return said.by if said else ""


def send_back_duty(by: Actor, duty: Duty) -> Verdict:
    return accept_duty(by, duty)


def date_duty(by: Actor, duty: Duty) -> Verdict:
    """Either side may record that the event has happened."""
    sides = (duty.obligation.debtor, duty.obligation.creditor)
    if not any(_acts_for(by, party) for party in sides):
        return no(_("Only a party to the agreement records an event."))
    return YES if DUTY.can("happen", duty) else no(_("This duty has its date."))


def ties_of(person: Person) -> list[str]:
    """The agreements that name somebody to sign and have not been signed by them: another is named, or they are ended, first."""
    waits = Agreement.objects.filter(state__in=[AgreementState.DRAFT, AgreementState.OUT, AgreementState.DECLINED])
    found = []
    for agreement in waits.filter(party__signatory=person).order_by("ref").distinct():
        if any(party.signatory_id == person.pk for party in agreement.missing_signatures()):
            found.append(
                _("%(agreement)s waits for the signature: name somebody else first, or withdraw it.")
                % {"agreement": agreement.ref}
            )
    return found
