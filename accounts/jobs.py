"""By the clock and for later: the mail that lets somebody set a password."""

from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User


def mail_password_link(pk: str) -> None:
    """The link is made here and stored nowhere: whoever reads the database cannot use it."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        return
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, token = key.split("-", 1)
    link = urljoin(settings.BASE_URL, reverse("account_reset_password_from_key", args=[uid, token]))
    body = render_to_string("accounts/mail/password_link.txt", {"person": user, "link": link})
    send_mail(_("Set your password"), body, None, [user.email])
