"""By the clock and for later: fetch by reference, call the action."""

from datetime import date
from hashlib import sha256

from core import files
from core.access import HOUSE
from mou import actions, documents
from mou.models import Agreement, AgreementVersion
from mou.states import AgreementState


def render_agreement(ref: str, number: str) -> None:
    """The PDF to read before signing."""
    _render(ref, number, "copy")


def render_executed(ref: str, number: str) -> None:
    """The PDF with the record of the signatures, which both sides receive."""
    _render(ref, number, "executed")


def _render(ref: str, number: str, kind: str) -> None:
    """File first, row second: a crash between them leaves a file that the next try finds, never a row without one."""
    version = AgreementVersion.objects.select_related("agreement").get(agreement__ref=ref, number=number)
    if version.rendition(kind):
        return
    content = documents.agreement_pdf(version, kind)
    name = files.keep(content, "pdf")
    digest = sha256(content).hexdigest()
    actions.record_rendition(version=version, kind=kind, file=name, sha256=digest, size=len(content), by=HOUSE)


def expire_agreements(day: str) -> None:
    """Whatever ran out before this day, however many nights were missed."""
    today = date.fromisoformat(day)
    for agreement in Agreement.objects.filter(state=AgreementState.IN_FORCE, ends__lt=today):
        actions.expire_agreement(agreement=agreement, today=today, by=HOUSE)
