"""With whom a record is shared."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import sharing
from core.forms.fields import Day, Form


class ShareForm(Form):
    """One person by the address they sign in with, and for how long."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Of somebody who signs in here already."),
    )
    until = Day(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("The first day on which it is closed again. Without one it stays open until somebody ends it."),
    )

    def clean_email(self) -> Any:
        """Whose it is."""
        user = sharing.somebody(self.cleaned_data["email"])
        if user is None:
            raise forms.ValidationError(_("Nobody signs in here with this address. Give them a role first, or correct it."))
        return user

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until <= timezone.localdate():
            raise forms.ValidationError(_("That day is past or today: it would open nothing."))
        return until
