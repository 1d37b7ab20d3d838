"""Messages: written in the action that causes them, sent by a job after its commit, each under a key of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone

from core import files
from core.action import action, lock
from core.audit import subject_of
from core.jobs import later
from core.models import Message


@dataclass(frozen=True)
class Text:
    """What a message says. `lines` are paragraphs of plain text; `link` is a path of this site; `why` says why it came."""

    subject: str
    lines: tuple[str, ...]
    why: str
    link: str = ""
    link_label: str = ""
    attachment: str = ""
    attachment_name: str = ""


def post(key: str, to: Iterable[str], text: Text, *, about: models.Model) -> None:
    """Write one message for each address; it is sent when the running action has committed.

    `key` names the occasion ("signed:REF:3"). The same occasion and address again writes nothing: nobody is told twice.
    """
    for address in dict.fromkeys(to):
        message, new = Message.objects.get_or_create(
            key=f"{key}:{address}"[:200],
            defaults={"to": address, "about": subject_of(about), **_stored(text)},
        )
        if new:
            later("core.send_message", message.ref)


def _stored(text: Text) -> dict[str, Any]:
    """As columns. A subject is one line, whatever names are in it: a mail with a break in its head never leaves."""
    subject = " ".join(text.subject.split())
    return {**vars(text), "subject": subject[:200], "lines": list(text.lines)}


def send(ref: str) -> None:
    """The job behind post(). Raises what the mail server raised, after it was written down; the job is then tried again.

    At least once, always under the same Message-ID: a mail program shows a repeated one as one.
    """
    message = Message.objects.get(ref=ref)
    if message.sent_at:
        return
    try:
        _mail(message).send()
    except Exception as error:
        note_failure(message=message, error=f"{type(error).__name__}: {error}"[:300])
        raise
    note_sent(message=message)


@action
def note_sent(*, message: Message) -> None:
    """The mail server has taken it."""
    lock(message)
    message.sent_at, message.error = timezone.now(), ""
    message.attempts += 1
    message.save(update_fields=["sent_at", "error", "attempts", "changed"])


@action
def note_failure(*, message: Message, error: str) -> None:
    """The mail server has not taken it; the job asks again later."""
    lock(message)
    message.error = error
    message.attempts += 1
    message.save(update_fields=["error", "attempts", "changed"])


def _mail(message: Message) -> EmailMultiAlternatives:
    link = urljoin(settings.BASE_URL, message.link) if message.link else ""
    context = {
        "subject": message.subject,
        "lines": message.lines,
        "link": link,
        "link_label": message.link_label,
        "why": message.why,
    }
    mail = EmailMultiAlternatives(
        message.subject,
        render_to_string("core/mail.txt", context),
        None,
        [message.to],
        headers={"Message-ID": f"<{message.ref}@{urlsplit(settings.BASE_URL).hostname}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("core/mail.html", context), "text/html")
    if message.attachment:
        mail.attach(message.attachment_name, files.read(message.attachment))
    return mail
