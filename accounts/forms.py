"""What comes in from the browser about sign-in."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from accounts import actions


class PasswordLinkForm(ResetPasswordForm):
    """allauth's form with our mail: sent by a job, so that the answer takes as long for an unknown address."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        actions.ask_password_link(email=self.cleaned_data["email"])
        return self.cleaned_data["email"]
