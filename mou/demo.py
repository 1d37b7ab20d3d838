"""Named moments of an agreement, reached through the actions alone: the demo shows them and the tests start from them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import User
from core.access import Actor
from mou import actions
from mou.models import Agreement
from partnerships.models import Organisation, Programme

TEMPLATE = "host-placement"
EXAMPLES: dict[str, Any] = {
    "agreement.governing_law": "the law of the place where the Host sits",
    "agreement.courts": "the courts of the place where the Host sits",
    "agreement.languages": "English",
    "host.supervisor_name": "Stella Marsh",
    "host.sponsor_name": "Una Reed",
}
BY_TYPE: dict[str, Any] = {"number": 4, "percent": 20, "money": {"amount": 20000, "currency": "EUR"}}


def agreement_draft(
    programme: Programme, signing: Organisation, host: Organisation, *, starts: date, ends: date, by: Actor, title: str = ""
) -> Agreement:
    """A draft between the programme's organisation and a host, with the blanks that the records cannot fill."""
    return actions.draft_agreement(
        programme=programme,
        template=TEMPLATE,
        title=title or f"Host placement: {host.label}",
        parties={"programme": signing, "host": host},
        starts=starts,
        ends=ends,
        by=by,
    )


def fill(agreement: Agreement, *, by: Actor) -> Agreement:
    """Every blank that is still open gets an example of its type."""
    terms = {blank.id: EXAMPLES.get(blank.id, BY_TYPE.get(blank.type, blank.label)) for blank in agreement.blanks()}
    actions.set_terms(agreement=agreement, terms=terms, by=by)
    return agreement


def send(agreement: Agreement, *, by: Actor) -> Agreement:
    """Filled, frozen and before its signatories; nobody has signed."""
    actions.send_agreement(agreement=fill(agreement, by=by), by=by)
    return agreement


def sign(agreement: Agreement, signatories: Iterable[User]) -> Agreement:
    """Each signs what is out; the last one brings it into force."""
    for signatory in signatories:
        version = agreement.version()
        assert version is not None  # it was sent
        actions.sign_agreement(agreement=agreement, shown=version.sha256, by=signatory)
    return agreement
