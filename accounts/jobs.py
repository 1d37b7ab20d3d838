"""By the clock and for later: mails whose links are stored nowhere, copies of data, erasures."""

import hashlib
import logging
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions, notices
from accounts.models import Erasure, Export, User
from accounts.onward import with_goal
from core import access, erasing, exporting, files
from core.access import HOUSE
from core.privacy import subject_of

logger = logging.getLogger(__name__)


def mail_password_link(pk: str, asked: str, goal: str = "") -> None:
    """The link is made here and stored nowhere: whoever reads the database cannot use it.

    It goes to the address that the sign-in has now. Asked for longer ago than a link lives (a mail server or worker that was
    away), it is not sent: nobody expects it any more, and whoever still wants it asks again.
    """
    if timezone.now() - datetime.fromisoformat(asked) > timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        return
    user = User.objects.filter(pk=pk, is_active=True).select_related("person").first() if pk else None
    if user is None or not actions.admit(user=user, by=HOUSE):
        return
    token = default_token_generator.make_token(user)
    path = with_goal("account_reset_password_from_key", goal, [user_pk_to_url_str(user), token])
    context = {
        "subject": _("Set your password"),
        "link": urljoin(settings.BASE_URL, path),
        "link_label": _("Set your password"),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "why": _("You get this mail because somebody asked for it with this address, or answered the invitation sent to it."),
    }
    text = render_to_string("accounts/mail/password_link.txt", context)
    mail = EmailMultiAlternatives(context["subject"], text, None, [user.email], headers={"Auto-Submitted": "auto-generated"})
    mail.attach_alternative(render_to_string("accounts/mail/password_link.html", context), "text/html")
    mail.send()


def mail_invitation(ref: str, sending: str) -> None:
    """The secret is made here and stored nowhere. A mail that does not leave is tried again with another.

    At least once: whoever gets it twice has one link that works, the newer.
    """
    sealed = actions.seal_invitation(ref=ref, sending=int(sending), by=HOUSE)
    if sealed is None:
        return
    invitation, secret = sealed
    link = urljoin(settings.BASE_URL, reverse("invitation_open", args=[secret]))
    text = notices.invitation_text(invitation, link)
    body = render_to_string("core/mail.txt", text)
    mail = EmailMultiAlternatives(text["subject"], body, None, [invitation.email], headers={"Auto-Submitted": "auto-generated"})
    mail.attach_alternative(render_to_string("core/mail.html", text), "text/html")
    try:
        mail.send()
    except Exception as error:
        actions.note_invitation_failure(invitation=invitation, error=f"{type(error).__name__}: {error}"[:300], by=HOUSE)
        raise
    actions.note_invitation_sent(invitation=invitation, by=HOUSE)


def make_export(ref: str) -> None:
    """Gather, name the file, write it, say that it is whole. Run again after its worker was killed, it begins afresh."""
    export = Export.objects.filter(ref=ref, made_at=None).select_related("person").first()
    if export is None:
        return
    found = exporting.copied(subject_of(export.person), urlsplit(settings.BASE_URL).netloc, exporting.told(ref))
    digest = hashlib.sha256(found.content).hexdigest()
    actions.name_export(export=export, file=files.name_of(digest, "zip"), by=HOUSE)
    files.keep(found.content, "zip")
    size = len(found.content)
    actions.note_export_made(export=export, size=size, rows=found.rows, files=len(found.files), by=HOUSE)


def end_exports(day: str) -> None:
    """Copies whose days are over, however many nights were missed."""
    for export in Export.objects.over(timezone.now()):
        actions.end_export(export=export, by=HOUSE)


def erase_person(ref: str) -> None:
    """Do what was decided, as who decided it. What stands in the way is told to them, and nothing is done."""
    erasure = Erasure.objects.filter(ref=ref, done_at=None, confirmed_at__isnull=False).select_related("person").first()
    if erasure is None:
        return
    user = erasure.person.sign_in()
    address = user.email if user and user.is_active and erasure.asked_at else ""
    by = HOUSE if erasure.confirmed_by == HOUSE.ref else access.actor(erasure.confirmed_by or "")
    try:
        if by is None:
            raise PermissionDenied(_("Who decided it cannot sign in any more."))
        actions.erase_person(erasure=erasure, by=by)
    except erasing.Overtaken:
        said = _("The figures have changed since it was decided. Look at them, then decide again.")
        actions.overtake_erasure(erasure=erasure, problem=said, by=HOUSE)
    except PermissionDenied as error:
        actions.overtake_erasure(erasure=erasure, problem=str(error), by=HOUSE)
    else:
        if address:
            _last_mail(address)


def erase_again(ref: str) -> None:
    """What was written while it was done. Done twice, it finds nothing."""
    erasure = Erasure.objects.filter(ref=ref, done_at__isnull=False).select_related("person").first()
    if erasure is not None:
        actions.erase_again(erasure=erasure, by=HOUSE)


def _last_mail(address: str) -> None:
    """It is stored nowhere, so it is sent once: where it fails, there is nobody left to send it to."""
    lines = _("You asked to be erased, and it is done. Your sign-in is gone; what the law keeps stands under no name of yours.")
    try:
        EmailMultiAlternatives(_("You were erased"), lines, None, [address], headers={"Auto-Submitted": "auto-generated"}).send()
    except OSError:
        logger.exception("the mail that says that somebody was erased could not be sent")
