"""What comes in from the browser about sign-in."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import actions
from core.forms import Form


def _address() -> forms.EmailField:
    """ "username" is what a password manager looks for."""
    attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    missing = _("Give the e-mail address that you are known by here.")
    wrong = _("Give an e-mail address in full, like name@example.org.")
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs),
        error_messages={"required": missing, "invalid": wrong},
    )


def _password(label: Any, autocomplete: str, missing: Any, help_text: Any = "") -> forms.CharField:
    """Pasting is allowed, spaces count, and nothing is shown again."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=1000,
        help_text=help_text,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
        error_messages={"required": missing},
    )


class LoginForm(allauth.LoginForm):
    """allauth's checks and limits under our labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = _password(_("Password"), "current-password", _("Give your password."))
        self.fields = {"login": _address(), "password": password}


class PasswordLinkForm(allauth.ResetPasswordForm):
    """allauth's form with our mail: sent by a job, so that the answer takes as long for an unknown address."""

    email = _address()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        actions.ask_password_link(email=self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class PasswordTokenForm(allauth.UserTokenForm):
    """The link in the mail: of no use to somebody whose sign-in was closed meanwhile."""

    def _get_user(self, uidb36: str) -> Any:
        user = super()._get_user(uidb36)
        return user if user is not None and user.is_active else None


class PasswordSetForm(allauth.ResetPasswordKeyForm):
    """A new password, twice, because it cannot be seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, again = self.fields["password1"], self.fields["password2"]
        first.label, again.label = _("New password"), _("The same password again")
        first.help_text = _(
            "At least 12 characters, not figures alone. Three or four words that only you would put together are good."
        )
        first.error_messages["required"] = _("Choose a password.")
        again.error_messages["required"] = _("Type the new password a second time.")
        for field in (first, again):
            field.widget.attrs = {"autocomplete": "new-password"}


class SignInDeactivateForm(Form):
    """Why a sign-in is deactivated."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Such as: left the agency on Friday. It stands in the timeline for good, and in the mail to the person."),
    )


class SignInReactivateForm(Form):
    """Why it is opened again."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as: back from leave. It stands in the timeline for good.")
    )


class AddressChangeForm(Form):
    """The new address, and how one knows whose it is."""

    email = forms.EmailField(
        label=_("New address"),
        max_length=254,
        help_text=_("Whoever reads mail sent there can set a password and come in. Copy it, do not guess it."),
    )
    reason = forms.CharField(
        label=_("How you know that it is theirs"),
        max_length=200,
        help_text=_("Such as: told me on the phone; typing error. Leave addresses out: it stands in the timeline for good."),
    )

    def clean_reason(self) -> str:
        """The chain is never erased, so no address gets into it."""
        reason = str(self.cleaned_data["reason"])
        if "@" in reason:
            raise forms.ValidationError(_("Say it without an address: the timeline cannot be erased."))
        return reason
