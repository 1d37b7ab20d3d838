"""The text of an agreement: as a page, as the exact characters, as a PDF."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core import files
from core.access import page
from mou import documents, rules
from mou.models import Agreement
from mou.states import AgreementState

# What is handed out is a file, whatever a browser thinks of it.
CLOSED = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}


@page(rules.view_agreement, Agreement)
def agreement_text(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """A draft to those who write it, with its blanks; to everybody else what was last sent."""
    version = agreement.version()
    writing = agreement.state == AgreementState.DRAFT and rules.read_draft(request.user, agreement)
    if version is None or writing:
        context: dict[str, Any] = {"document": documents.draft(agreement), "draft": True, "sha256": ""}
    else:
        signed = version.signatures() if agreement.state in (AgreementState.IN_FORCE, AgreementState.EXPIRED) else []
        document = version.document()
        lines = documents.signature_lines(signed, document["time_zone"])
        context = {"document": document, "draft": False, "sha256": version.sha256, "signatures": lines, "version": version}
    return render(request, "mou/agreement_text.html", context | {"agreement": agreement, "earlier": version, "writing": writing})


@page(rules.view_agreement, Agreement)
def agreement_json(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The frozen characters and nothing else: their SHA-256 is the one on the page."""
    version = agreement.version()
    if version is None:
        raise Http404
    return _attached(version.text.encode(), f"{agreement.ref}-v{version.number}.json", "application/json")


@page(rules.view_agreement, Agreement)
def agreement_pdf(request: HttpRequest, agreement: Agreement, kind: str) -> HttpResponse:
    version = agreement.version()
    rendition = version.rendition(kind) if version else None
    if version is None or rendition is None:
        raise Http404
    name = f"{agreement.ref}-v{version.number}{'-signed' if kind == 'executed' else ''}.pdf"
    return _attached(files.read(rendition.file), name, "application/pdf")


def _attached(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **CLOSED}
    return HttpResponse(content, content_type=kind, headers=headers)
