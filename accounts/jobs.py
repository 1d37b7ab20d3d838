"""By the clock and for later: the mail that lets somebody set a password."""

from datetime import datetime, timedelta
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.onward import with_goal


def mail_password_link(pk: str, asked: str, goal: str = "") -> None:
    """The link is made here and stored nowhere: whoever reads the database cannot use it.

    It goes to the address that the sign-in has now. Asked for longer ago than a link lives (a mail server or worker that was
    away), it is not sent: nobody expects it any more, and whoever still wants it asks again.
    """
    if timezone.now() - datetime.fromisoformat(asked) > timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        return
    user = User.objects.filter(pk=pk, is_active=True).select_related("person").first() if pk else None
    if user is None:
        return
    token = default_token_generator.make_token(user)
    path = with_goal("account_reset_password_from_key", goal, [user_pk_to_url_str(user), token])
    context = {
        "subject": _("Set your password"),
        "link": urljoin(settings.BASE_URL, path),
        "link_label": _("Set your password"),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "why": _("You get this mail because somebody asked for it on the sign-in page with this address."),
    }
    text = render_to_string("accounts/mail/password_link.txt", context)
    mail = EmailMultiAlternatives(context["subject"], text, None, [user.email], headers={"Auto-Submitted": "auto-generated"})
    mail.attach_alternative(render_to_string("accounts/mail/password_link.html", context), "text/html")
    mail.send()
