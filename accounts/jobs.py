"""By the clock and for later: the mails whose links are stored nowhere, which set a password or invite."""

from datetime import datetime, timedelta
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions, notices
from accounts.models import User
from accounts.onward import with_goal
from core.access import HOUSE


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
