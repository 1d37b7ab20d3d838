"""Every write about an agreement before and beside its signatures: draft, fill, send, take back, publish, share."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person, User
from core import access, audit, public
from core import notices as told
from core.access import Actor
from core.action import action, lock, next_number, store
from core.jobs import later
from mou import documents, kinds, notices, rules
from mou.models import Agreement, AgreementVersion, Party
from mou.states import AGREEMENT, AgreementState
from partnerships.models import Organisation, Programme


@action
def draft_agreement(
    *,
    programme: Programme,
    template: str,
    title: str,
    parties: Mapping[str, Organisation],
    starts: date | None,
    ends: date | None,
    by: Actor,
    terms: Mapping[str, Any] | None = None,
    units: Iterable[Mapping[str, Any]] = (),
) -> Agreement:
    """A draft from a shipped template. parties: {the template's name for it: organisation}; numbers are never reused.

    Where an earlier agreement of the programme filled a blank that belongs to neither party nor dates (the law, the
    courts, the currency), the draft begins with that.
    """
    access.require(rules.draft_agreement, by, programme)
    _countable(kinds.template(template), terms or {})
    year = timezone.localdate().year
    agreement = Agreement.objects.create(
        ref=f"CG-{year}-{next_number(f'agreement-{year}'):04d}",
        programme=programme,
        template=template,
        title=title,
        starts=starts,
        ends=ends,
        terms=_usual_terms(programme, template) | dict(terms or {}),
        units=[dict(unit) for unit in units],
    )
    named: list[Person] = []
    for role, organisation in parties.items():
        signatory = next((person for person in organisation.people("signatory") if person not in named), None)
        named += [signatory] if signatory else []
        Party.objects.create(agreement=agreement, organisation=organisation, role=role, signatory=signatory)
    audit.record("agreement.drafted", agreement, by=by, parties={role: org.ref for role, org in parties.items()})
    return agreement


def _countable(text: kinds.Template, terms: Mapping[str, Any]) -> None:
    for name in text.counted & terms.keys():
        number = terms[name]
        if number not in ("", None) and not (type(number) is int and 0 <= number <= kinds.MOST_DAYS):
            sentence = _("“%(name)s” is a whole number from 0 to %(most)s.")
            raise ValidationError(sentence % {"name": text.label_of(name), "most": kinds.MOST_DAYS})


USUAL = ("agreement.governing_law", "agreement.courts", "agreement.languages", "agreement.liability_cap")


def _usual_terms(programme: Programme, template: str) -> dict[str, Any]:
    last = Agreement.objects.filter(programme=programme, template=template).order_by("-pk").first()
    return {name: last.terms[name] for name in USUAL if name in last.terms} if last else {}


@action
def set_terms(*, agreement: Agreement, terms: Mapping[str, Any], by: Actor, **facts: Any) -> list[str]:
    """Fill blanks; an empty value empties one. `facts` may be title, starts, ends, units. The names of what changed.

    Raises ValidationError for a number that a time limit cannot count with.
    """
    lock(agreement)
    access.require(rules.edit_agreement, by, agreement)
    _countable(agreement.text, terms)
    allowed = {"title", "starts", "ends", "units"}
    if facts.keys() - allowed:
        raise ValueError(f"not terms: {sorted(facts.keys() - allowed)}")
    merged = {name: value for name, value in (agreement.terms | dict(terms)).items() if value not in ("", None)}
    before = dict(agreement.terms)
    stored = store(agreement, {**facts, "terms": merged})
    stored.pop("terms", None)
    terms_differ = [name for name in sorted(before.keys() | merged.keys()) if before.get(name) != merged.get(name)]
    changed = [*stored, *terms_differ]
    if changed:
        labels = {name: str(agreement.text.label_of(name)) for name in changed}
        changes = stored | {labels[name]: [before.get(name), merged.get(name)] for name in terms_differ}
        names = ", ".join(f"“{label}”" for label in labels.values())
        audit.record("agreement.terms_set", agreement, by=by, fields=names, keys=changed, changes=changes)
    return changed


@action
def leave_out_duties(*, agreement: Agreement, keys: Iterable[str], by: Actor) -> None:
    """Which duties of the template this agreement does not have. Unknown keys are refused with a ValueError."""
    lock(agreement)
    access.require(rules.edit_agreement, by, agreement)
    known = [duty["id"] for _clause, duty in agreement.text.obligations()]
    chosen = set(keys)
    if chosen - set(known):
        raise ValueError(f"not duties of the template: {sorted(chosen - set(known))}")
    if changed := store(agreement, {"left_out": [key for key in known if key in chosen]}):
        audit.record("agreement.duties_chosen", agreement, by=by, count=len(chosen), keys=sorted(chosen), changes=changed)


@action
def name_signatory(*, party: Party, signatory: Person, by: Actor) -> None:
    """Who signs for a party: one of its signatories."""
    lock(party.agreement, party)
    access.require(rules.edit_agreement, by, party.agreement)
    if signatory not in party.organisation.people("signatory"):
        raise PermissionDenied(_("%(name)s is not a signatory of this organisation.") % {"name": signatory})
    if changed := store(party, {"signatory": signatory}):
        names = {"name": signatory.name, "organisation": party.organisation.name}
        audit.record("agreement.signatory_named", party.agreement, by=by, person=signatory.ref, **names, changes=changed)


@action
def send_agreement(*, agreement: Agreement, by: Actor) -> AgreementVersion:
    """Freeze the text, exactly as it stands, and put it before the signatories."""
    lock(agreement)
    access.require(rules.send_agreement, by, agreement)
    number = agreement.agreementversion_set.count() + 1
    text, digest = documents.canonical(documents.draft(agreement))
    AGREEMENT.apply("send", agreement, by=by, note={"version": number, "sha256": digest}, sent_at=timezone.now())
    version = AgreementVersion.objects.create(agreement=agreement, number=number, text=text, sha256=digest)
    later("mou.render_agreement", agreement.ref, str(number))
    notices.agreement_sent(agreement, version)
    return version


@action
def recall_agreement(*, agreement: Agreement, reason: str, by: Actor) -> None:
    """Back to a draft. The version and any signature under it stay on record; they no longer count."""
    lock(agreement)
    access.require(rules.recall_agreement, by, agreement)
    version = agreement.version()
    AGREEMENT.apply("recall", agreement, by=by, note={"reason": reason}, sent_at=None)
    if version:
        notices.agreement_recalled(agreement, reason, version)


@action
def reopen_agreement(*, agreement: Agreement, by: Actor) -> None:
    """A declined agreement becomes a draft again, to be changed and sent anew."""
    access.require(rules.reopen_agreement, by, agreement)
    AGREEMENT.apply("reopen", agreement, by=by, sent_at=None)


@action
def withdraw_agreement(*, agreement: Agreement, reason: str, by: Actor) -> None:
    """It will not be signed. Its number is not used again."""
    lock(agreement)
    access.require(rules.withdraw_agreement, by, agreement)
    out, version = agreement.state == AgreementState.OUT, agreement.version()
    AGREEMENT.apply("withdraw", agreement, by=by, note={"reason": reason})
    if out and version:
        notices.agreement_recalled(agreement, reason, version)


@action
def remind_signatory(*, agreement: Agreement, by: Actor) -> list[Person]:
    """Mail everybody whose signature is waited for; at most once a day each. Who was reminded."""
    lock(agreement)
    access.require(rules.remind_signatory, by, agreement)
    version = agreement.version()
    reminded, able = [], rules.able_to_sign(agreement.parties())
    for party in agreement.missing_signatures():
        if party.signatory and version and party.pk in able:
            notices.signatory_reminded(agreement, party, version, timezone.localdate().isoformat())
            audit.record("agreement.reminded", agreement, by=by, name=party.signatory.name)
            reminded.append(party.signatory)
    return reminded


@action
def publish_agreement(*, agreement: Agreement, by: User) -> None:
    """Let the public read that it exists, between whom, for which days, and what is due under it."""
    lock(agreement)
    access.require(rules.publish_agreement, by, agreement)
    if agreement.published_at is None:
        changed = store(agreement, {"published_at": timezone.now(), "published_by": by.person})
        audit.record("agreement.published", agreement, by=by, changes=changed)
        public.touch()


@action
def unpublish_agreement(*, agreement: Agreement, by: Actor) -> None:
    """Gone from every public page at the next request."""
    lock(agreement)
    access.require(rules.publish_agreement, by, agreement)
    if agreement.published_at is not None:
        changed = store(agreement, {"published_at": None, "published_by": None})
        audit.record("agreement.unpublished", agreement, by=by, changes=changed)
        public.touch()


@action
def expire_agreement(*, agreement: Agreement, today: date, by: Actor) -> None:
    """Its last day is past. Called by the clock; early or twice it does nothing."""
    lock(agreement)
    if AGREEMENT.can("expire", agreement) and agreement.ends and agreement.ends < today:
        AGREEMENT.apply("expire", agreement, by=by)
        public.touch()


@action
def share_agreement(*, agreement: Agreement, user: User, until: date | None = None, by: Actor) -> bool:
    """Let one person read this one agreement: outside counsel, say. Whether anything is different from before."""
    lock(agreement)
    access.require(rules.share_agreement, by, agreement, user)
    changed = access.share(agreement, user, "mou.view_agreement", by=by, until=until)
    if changed:
        reader = {"reader": user.ref, "name": user.get_full_name()}
        audit.record("agreement.shared", agreement, by=by, until=until, changes=changed, **reader)
        told.shared(agreement, user, until)
    return bool(changed)


@action
def unshare_agreement(*, agreement: Agreement, user: User, by: Actor) -> None:
    """End that. Twice it is ended once."""
    lock(agreement)
    access.require(rules.share_agreement, by, agreement)
    if changed := access.unshare(agreement, user):
        audit.record("agreement.unshared", agreement, by=by, reader=user.ref, name=user.get_full_name(), changes=changed)
