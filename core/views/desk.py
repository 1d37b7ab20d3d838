"""The desk: what waits for me, the messages that went to me, and in the demo everybody's mail."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import storages
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from core import inbox
from core.access import anyone, listing, page, signed_in
from core.filters import MessageFilterSet
from core.lists import as_csv, in_order, paged
from core.models import Message
from core.panels import panels_of


@listing(signed_in, Message)
def desk(request: HttpRequest, messages: QuerySet[Message]) -> HttpResponse:
    """What to do next, and beside it what was written to me and what the apps say of me."""
    today = timezone.localdate()
    waiting = inbox.waiting_for(request.user)
    facts = {
        "today": today,
        "count": len(waiting),
        "groups": inbox.by_urgency(waiting, today),
        "latest": messages.to_be_read()[:5],  # type: ignore[attr-defined]
        "panels": panels_of(cast(Model, request.user), request.user),
    }
    return render(request, "core/desk.html", facts)


@listing(signed_in, Message)
def message_list(request: HttpRequest, messages: QuerySet[Message]) -> HttpResponse:
    """What was sent to the address that this person signs in with, the newest first."""
    found = MessageFilterSet(request.GET, messages)
    rows, order = in_order(request, found.qs, {"written": "created", "subject": "subject"}, "-written")
    if request.GET.get("format") == "csv":
        lines = ((each.created.isoformat(), each.subject, " ".join(each.lines), each.link) for each in rows)
        return as_csv("messages", [_("Written"), _("Subject"), _("Text"), _("Link")], lines)
    context = {"filter": found, "page": paged(request, rows), "order": order}
    return render(request, "core/message_list.html", context)


@page(signed_in)
def mail_list(request: HttpRequest) -> HttpResponse:
    """The demo writes its mail to files; here they can be read. Elsewhere this page is not there."""
    if not settings.DEMO:
        raise Http404
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return render(request, "core/mail_list.html", {"mails": [mail for path in files[:100] for mail in _opened(path)]})


def _opened(path: Path) -> list[dict[str, str]]:
    """The mails of one file, which Django ends with a line of 79 dashes each."""
    found = []
    for raw in path.read_bytes().split(b"\n" + b"-" * 79):
        if raw.strip():
            mail = message_from_bytes(raw.lstrip(), policy=policy.default)
            body = mail.get_body(("plain",))
            text = str(body.get_content()) if body else ""
            found.append({"to": mail["To"], "subject": mail["Subject"], "date": mail["Date"], "text": text})
    return found


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
