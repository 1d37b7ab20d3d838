"""The desk: what waits for me, the messages that went to me, and in the demo everybody's mail."""

from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core import inbox
from core.access import anyone, listing, page, signed_in
from core.lists import paged
from core.models import Message


@page(signed_in)
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "core/desk.html", {"waiting": inbox.waiting_for(request.user)})


@listing(signed_in, Message)
def message_list(request: HttpRequest, messages: QuerySet[Message]) -> HttpResponse:
    """What was sent to the address that this person signs in with."""
    return render(request, "core/message_list.html", {"page": paged(request, messages)})


@page(signed_in)
def mail_list(request: HttpRequest) -> HttpResponse:
    """The demo writes its mail to files; here they can be read. Elsewhere this page is not there."""
    if not settings.DEMO:
        raise Http404
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return render(request, "core/mail_list.html", {"mails": [_opened(path) for path in files[:100]]})


def _opened(path: Path) -> dict[str, str]:
    mail = message_from_bytes(path.read_bytes().split(b"\n" + b"-" * 79)[0], policy=policy.default)
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    return {"to": mail["To"], "subject": mail["Subject"], "date": mail["Date"], "text": text}


@login_not_required
@page(anyone)
def rendition(request: HttpRequest, name: str) -> FileResponse:
    """A picture of a public page in the size the page uses. Only what Wagtail made of public images lies there."""
    store = storages["renditions"]
    path = f"images/{name}"
    if "/" in name or "\x00" in name or not store.exists(path):
        raise Http404
    return FileResponse(store.open(path), headers={"Cache-Control": "public, max-age=31536000, immutable"})


@login_not_required
@page(anyone)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state. Only in development: the route is not there otherwise."""
    return render(request, "core/gallery.html")
