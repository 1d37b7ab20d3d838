"""Every write about signing: consent to exact bytes, the last signature, and the PDFs that follow."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from core import access, audit, public
from core.access import HOUSE, Actor
from core.action import action, lock
from core.calendar import EVENT, parse, plan, waits_for
from core.jobs import later
from mou import notices, rules
from mou.documents import CONSENT
from mou.models import Agreement, AgreementVersion, Duty, Obligation, Party, Rendition, Signature
from mou.models.obligation import anchors
from mou.states import AGREEMENT, DutyState
from partnerships.models import Membership


class StaleText(Exception):
    """What the signatory was shown is not what is out now: the page has to be read again."""


@action
def sign_agreement(*, agreement: Agreement, shown: str, by: User) -> Signature:
    """Consent of the named signatory to the text whose SHA-256 is `shown`. The last one brings it into force.

    Raises StaleText when another version is out by now, and PermissionDenied as the rule says.
    """
    # The roles that let them sign as well: whoever ends one of these waits for the signature, or has ended it before.
    lock(agreement, *Membership.objects.live().filter(person=by.person_id, role="signatory"))
    access.require(rules.sign_agreement, by, agreement)
    version = agreement.version()
    if version is None or shown != version.sha256:
        raise StaleText
    signed = version.signature_set.values("party")
    party = Party.objects.filter(agreement=agreement).signable_by(by).exclude(pk__in=signed).order_by("pk")[0]
    person = by.person
    assert person is not None  # signable_by compares with it
    role = Membership.objects.live().filter(person=person, organisation=party.organisation, role="signatory").first()
    signature = Signature.objects.create(
        version=version,
        party=party,
        person=person,
        name=person.name,
        title=role.title if role else "",
        organisation_name=party.organisation.name,
        shown=shown,
        consent=str(CONSENT) % {"party": party.organisation.name},
        method="password",
        signed_at=timezone.now(),
    )
    audit.record("agreement.signed", agreement, by=by, organisation=party.organisation.name, shown=shown, version=version.number)
    notices.agreement_signed(agreement, signature)
    if not agreement.missing_signatures():
        _bring_into_force(agreement, version, by)
    return signature


@action
def decline_agreement(*, agreement: Agreement, reason: str, by: User) -> None:
    """The named signatory will not sign, and says why. Nobody can sign this version any more."""
    lock(agreement)
    access.require(rules.decline_agreement, by, agreement)
    version = agreement.version()
    AGREEMENT.apply("decline", agreement, by=by, note={"reason": reason})
    if version:
        notices.agreement_declined(agreement, by.get_full_name(), reason, version)


def _bring_into_force(agreement: Agreement, version: AgreementVersion, by: Actor) -> None:
    zone = ZoneInfo(agreement.programme.time_zone)
    AGREEMENT.apply("bring_into_force", agreement, by=by, effective_on=timezone.localdate(timezone=zone))
    _plan(agreement, version, timezone.now())
    later("mou.render_executed", agreement.ref, str(version.number))
    notices.agreement_in_force(agreement, version)
    public.touch()


def _plan(agreement: Agreement, version: AgreementVersion, executed: datetime) -> None:
    """Every duty of the signed text with its dates: one set for the agreement, or one for each unit."""
    document = version.document()
    parties = {party.role: party for party in agreement.parties()}
    zone = ZoneInfo(document["time_zone"])
    calendar = version.business_days()
    whole = {"ref": "", "label": "", "starts": document["starts"], "ends": document["ends"]}
    duties: list[Duty] = []
    for row in document["obligations"]:
        obligation = Obligation.objects.create(
            agreement=agreement,
            version=version,
            key=row["key"],
            clause=row["clause"],
            title=row["title"],
            detail=row["detail"],
            debtor=parties[row["debtor"]],
            creditor=parties[row["creditor"]],
            debtor_role=row["debtor_role"],
            creditor_role=row["creditor_role"],
            rule=row["due"],
            per=row["per"],
            evidence=row["evidence"],
            severity=row["severity"],
            survives=row["survives"],
        )
        rule = parse(row["due"])
        for unit in document["units"] if row["per"] == "placement" and document["units"] else [whole]:
            counted = anchors(agreement, unit, executed)
            common = {"obligation": obligation, "agreement": agreement, "unit": unit["ref"], "unit_label": unit["label"]}
            if events := waits_for(rule, counted):
                duties.append(Duty(**common, waits_for=events[0].removeprefix(EVENT), state=DutyState.WAITING))
                continue
            for number, due in enumerate(plan(rule, counted, calendar, zone=zone), start=1):
                duties.append(Duty(**common, number=number, due=due.day, due_at=due.at))
    Duty.objects.bulk_create(duties, batch_size=500)


@action
def record_rendition(*, version: AgreementVersion, kind: str, file: str, sha256: str, size: int, by: Actor = HOUSE) -> Rendition:
    """The PDF is made and kept. Once for each version and kind: a second call finds the first. Sends the copies."""
    agreement = version.agreement
    lock(agreement)
    found = Rendition.objects.filter(version=version, kind=kind).first()
    if found is not None:
        return found
    rendition = Rendition.objects.create(version=version, kind=kind, file=file, sha256=sha256, size=size)
    audit.record("agreement.rendered", agreement, by=by, version=version.number, kind=kind, sha256=sha256)
    if kind == "executed":
        notices.copies(agreement, rendition)
        audit.record("agreement.copies_sent", agreement, by=by)
    return rendition
