"""What allauth asks us: nobody signs up by themselves, secrets are stored sealed, and the words on the page are ours."""

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import folded

KNOWN_SALT = "accounts.known-browser"
ASKS_A_SECOND_STEP = "allauth.mfa.stages.AuthenticateStage"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-ins are opened by those who bring people in, never on the site."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "This address and password do not belong together. Check both, or choose “Set or forgot password” below."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries with this address. Wait five minutes, or choose “Set or forgot password” below."
        ),
    }

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """This browser is known from now on: a mark in a cookie that nobody can make but we."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        mark = {"login": folded(user.email), "mark": get_random_string(22)}
        response.set_cookie(
            settings.KNOWN_BROWSER_COOKIE_NAME,
            signing.dumps(mark, salt=KNOWN_SALT),
            max_age=settings.KNOWN_BROWSER_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted under: the address, or the mark of a browser in which its owner signed in before, so
        that a stranger who tries passwords holds up strangers alone. After OWASP, "Slow Down Online Guessing Attacks with
        Device Cookies". Not the host: two names of one site would double the tries.
        """
        login = folded(credentials.get("email", ""))
        cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
        try:
            known = signing.loads(cookie, salt=KNOWN_SALT, max_age=settings.KNOWN_BROWSER_COOKIE_AGE)
        except signing.BadSignature:
            return login
        return f"{login} {known['mark']}" if known["login"] == login else login

    def get_login_stages(self) -> list[str]:
        """Who took two steps at a provider that is believed takes no third one here."""
        stages: list[str] = super().get_login_stages()
        vouched = getattr(self.request, "vouched", None)
        return [stage for stage in stages if not (vouched and vouched.stepped and stage == ASKS_A_SECOND_STEP)]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing: our own mails go through jobs, and allauth's others belong to features that are off."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Of its messages one is worth a line; the others say what the next page shows."""
        if message_template == "account/messages/logged_out.txt":
            messages.add_message(request, level, _("You are signed out."))


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets of apps and seeds of codes are encrypted: a copy of the database alone opens nothing."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This passkey is not one of yours here, or the page was open for too long. Try again."),
    }

    def _get_site_name(self) -> str:
        return "Common Ground"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValueError when it was sealed under a SECRET_KEY that is gone: the step has to be set up anew."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValueError("sealed under another SECRET_KEY") from None


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(key))) for key in keys])


def _key(secret: str) -> bytes:
    return salted_hmac("commonground.second-step", "", secret=secret, algorithm="sha256").digest()
