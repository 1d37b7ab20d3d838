"""What allauth asks us: nobody signs up by themselves, and the words on the page are ours."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


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
