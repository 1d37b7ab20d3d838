"""What comes in from the browser about sign-in."""

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as allauth_mfa
from allauth.mfa.webauthn import forms as allauth_passkeys
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import actions, codes
from accounts.models import folded
from accounts.onward import goal_of
from accounts.roles import MEMBER_ROLES, PART_ROLES, PROGRAMME_ROLES, SITE_ROLES
from core.forms import Form, Lines


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
        """What requests are counted by: the database finds more alike than the small letters that allauth counts."""
        self.typed = str(self.cleaned_data["email"]).strip()
        return folded(self.typed)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        actions.ask_password_link(email=self.typed, goal=goal_of(request))
        return self.typed


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
        """A reason is read on the timeline, by more people than read addresses."""
        reason = str(self.cleaned_data["reason"])
        if "@" in reason:
            raise forms.ValidationError(_("Say it without an address: more people read the timeline than may know it."))
        return reason


class SecondStepClearForm(Form):
    """How one knows who asks for it."""

    reason = forms.CharField(
        label=_("How you know that it is they who ask"),
        max_length=200,
        help_text=_("Such as: came in person, lost the phone. It stands in the timeline for good, and in the mail to them."),
    )


class PersonShieldForm(Form):
    """Why somebody is, or is no longer, sensitive. Which of the two stands in the form: a second click changes nothing."""

    sensitive = forms.ChoiceField(choices=[("yes", _("Sensitive")), ("no", _("Not sensitive"))], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Such as: asked for it on the phone. It stands in the timeline for good: say no more than has to be known."),
    )


class InvitationResendForm(Form):
    """How often it had been sent when this page was made, so that a second click sends nothing."""

    shown = forms.IntegerField(widget=forms.HiddenInput)


# Codes.


def _code(label: Any, help_text: Any = "") -> forms.CharField:
    """ "one-time-code" lets phones and password managers fill it in."""
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "inputmode": "numeric"}
    missing = _("Type the six figures that the app shows.")
    field = forms.CharField(label=label, max_length=20, help_text=help_text, widget=forms.TextInput(attrs))
    field.error_messages["required"] = missing
    return field


def _counted(request: HttpRequest, key: str) -> None:
    """One try of the few that a sign-in and an address have, in all processes together.

    Raises ValidationError when they are spent; `_right` gives them back.
    """
    if not ratelimit.consume(request, action="login_failed", key=key):
        raise forms.ValidationError(_now("Too many tries. Wait five minutes, then try again."))


def _right(request: HttpRequest, key: str) -> None:
    ratelimit.clear(request, action="login_failed", key=key)


class CodeForm(allauth_mfa.AuthenticateForm):
    """The second step of signing in: a code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"code": _code(_("Code"), _("Six figures from the app, or one of your recovery codes."))}

    def clean_code(self) -> str:
        code, key = str(self.cleaned_data["code"]), f"second-step-{self.user.pk}"
        _counted(context.request, key)
        self.authenticator = actions.use_code(user=self.user, code=code, by=self.user)
        _right(context.request, key)
        return code


class AppAddForm(Form):
    """The first code of an app: it has read the picture, and its clock is right."""

    code = _code(_("The code that the app shows now"))


NO_SCRIPT = _("A passkey needs a browser that runs the script of this page. Use an app with codes instead.")
MISSING = {"required": NO_SCRIPT, "invalid": NO_SCRIPT}


class PasskeyAddForm(Form):
    """What the browser made for the question that it was asked."""

    name = forms.CharField(
        label=_("What you call it"), max_length=60, initial=_("This device"), help_text=_("Such as: laptop, red stick.")
    )
    credential = forms.JSONField(widget=forms.HiddenInput, label=_("Passkey"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= MISSING
        self.fields["credential"].validators = []  # no text: what it must be is asked below

    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        try:
            passkeys.parse_registration_response(credential)
            passkeys.complete_registration(credential)
        except (ValueError, KeyError, TypeError, AttributeError):  # not what a browser sends
            raise forms.ValidationError(_now("The browser's answer does not fit this page. Try again.")) from None
        return credential


class PasskeyForm(allauth_passkeys.AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].label = _("Passkey")
        self.fields["credential"].error_messages |= MISSING

    def clean_credential(self) -> Any:
        answer = self.cleaned_data["credential"]
        try:
            step = super().clean_credential()
            actions.use_passkey(user=self.user, step=step, count=codes.count_in(answer), by=self.user)
            return step
        except (KeyError, TypeError, AttributeError):  # not what a browser sends
            raise forms.ValidationError(_now("The browser's answer does not fit this page. Try again.")) from None


class AgainForm(Form):
    """The password once more, or a code: a password never consists of figures alone, so one field takes both.

    `by_step`: where there is a second step, a code and nothing else.
    """

    def __init__(self, data: Any = None, *, request: HttpRequest, prefix: str, by_step: bool = False) -> None:
        super().__init__(data, prefix=prefix)
        self.request, self.by_step = request, False
        self.kept: list[tuple[str, Any]] = []
        self.user: Any = request.user
        stepped, worded = codes.has_step(self.user), self.user.has_usable_password()
        self.step_alone = stepped and by_step
        if self.step_alone:
            self.fields["secret"] = _code(_("Code"), _("Six figures from the app, or one of your recovery codes."))
        elif stepped or worded or not settings.OIDC_ISSUER:
            label = (_("Password, or a code") if worded else _("Code")) if stepped else _("Password")
            self.fields["secret"] = _password(label, "current-password", _("Give your password."))

    def clean(self) -> dict[str, Any]:
        """Who has neither password nor code confirms at the provider, which leaves its mark in the session and not here."""
        if not self.fields:
            raise forms.ValidationError(_now("%(name)s has not confirmed it yet.") % {"name": settings.OIDC_NAME})
        return dict(self.cleaned_data)

    def clean_secret(self) -> str:
        secret, key = str(self.cleaned_data["secret"]), f"again-{self.user.pk}"
        _counted(self.request, key)
        if self.step_alone or (secret.replace(" ", "").isdigit() and codes.has_step(self.user)):
            actions.use_code(user=self.user, code=secret, by=self.user)
            self.by_step = True
        elif not self.user.check_password(secret):
            raise forms.ValidationError(_now("This is not your password. Type it again."))
        _right(self.request, key)
        return secret

    def keep(self, typed: QueryDict) -> None:
        """Carry along what was typed on the page before, so that nothing of it is lost."""
        self.kept = [
            (name, value)
            for name, values in typed.lists()
            if name != "csrfmiddlewaretoken" and not name.startswith(f"{self.prefix}-")
            for value in values
        ]


class RoleForm(Form):
    """Of which role the page says what it may; none is all of them."""

    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [
            (title, [(role.slug, role.label) for role in roles.values()])
            for title, roles in (
                (_("On the site"), SITE_ROLES),
                (_("In a programme"), PROGRAMME_ROLES),
                (_("In an organisation"), MEMBER_ROLES),
                (_("By the part one takes"), PART_ROLES),
            )
        ]
        self.fields["role"].choices = [("", _("Every role")), *found]


class ExportAskForm(Form):
    """Why somebody else's data are packed; nobody says so of their own."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Such as: asked for by letter on 3 November. It stands in the timeline.")
    )


class ErasureAskForm(Form):
    """What somebody who asks to be erased may add."""

    wish = forms.CharField(
        label=_("What we should know"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ErasureRefuseForm(Form):
    """Why not: the person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say what the law keeps or what has to end first, and until when. They get it by mail."),
    )


class ErasureConfirmForm(Form):
    """The decision, on the figures that the page has shown."""

    texts = forms.MultipleChoiceField(
        label=_("Take the name and addresses out of these as well"), required=False, widget=forms.CheckboxSelectMultiple
    )
    also = Lines(
        label=_("More to look for in texts"),
        required=False,
        most=10,
        longest=100,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: a telephone number, another name. You are shown what is found before anything happens."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays for good: without the name and without an address.")
    )
    name = forms.CharField(
        label=_("Name of the person"), max_length=200, help_text=_("Type it as it stands above. This cannot be undone.")
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, called: str, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.called = called
        texts: Any = self.fields["texts"]
        texts.choices = places
        texts.initial = [key for key, _label in places]
        if not places:
            del self.fields["texts"]

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if name.casefold() != " ".join(self.called.split()).casefold():
            raise forms.ValidationError(_now("This is not the name of the person. Type it as it stands above."))
        return name

    @property
    def decided(self) -> dict[str, Any]:
        """For the action."""
        facts = self.cleaned_data
        return {name: facts[name] for name in ("digest", "reason", "also")} | {"chosen": facts.get("texts", [])}
