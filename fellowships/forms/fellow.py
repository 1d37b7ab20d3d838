"""What comes in from the browser about the people of a cycle."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Day, Form, Lines, OnceForm
from fellowships.models import Fellow
from fellowships.rules import why_not_by
from partnerships.models import Programme


class FellowReplaceForm(OnceForm):
    """Who follows somebody that left."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As agreements print it."))
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "With one, the person gets a sign-in and a mail that says how to use it. An address that is known here belongs to "
            "the person it belongs to, under the name on record."
        ),
    )


class FellowAddForm(FellowReplaceForm):
    """Somebody who takes part in a cycle."""

    home = forms.CharField(label=gettext_lazy("Home"), max_length=200, required=False, help_text=gettext_lazy("City or region."))
    skills = Lines(label=gettext_lazy("Skills"), required=False, longest=100, help_text=gettext_lazy("One a line."))


class FellowEditForm(Form):
    """What is on record of somebody who takes part, or took."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("As lists, pages and agreements print it. What was signed keeps the name it was signed under."),
    )
    home = forms.CharField(label=gettext_lazy("Home"), max_length=200, required=False, help_text=gettext_lazy("City or region."))
    skills = Lines(label=gettext_lazy("Skills"), required=False, longest=100, help_text=gettext_lazy("One a line."))

    @classmethod
    def of(cls, data: Any, fellow: Fellow, may_rename: bool) -> "FellowEditForm":
        """Filled with what is on record; without the name where it is not one's to change."""
        form = cls(data, initial={"name": fellow.person.name, "home": fellow.home, "skills": fellow.skills})
        if not may_rename:
            del form.fields["name"]
        return form


class FellowInviteForm(Form):
    """The address with which somebody is to sign in."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Their own: they sign in with it, and links that set a password go there. You confirm it next."),
    )

    def __init__(self, *args: Any, fellow: Fellow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fellow = fellow

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        taken = why_not_by(self.fellow, address)
        if taken:
            raise ValidationError(taken)
        return address


class Leaving(Form):
    """The day on which something ended, and why. What has not happened yet is not recorded as if it had."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("The fellow, the host and the programme read it. It is never public."),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(timezone=ZoneInfo(programme.time_zone))

    def _has_come(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > self.today:
            raise ValidationError(_("That day has not come yet. Record it on the day: it takes effect at once."))
        return day


class FellowWithdrawForm(Leaving):
    """When somebody left, and why."""

    left_on = Day(label=gettext_lazy("Last day"))
    field_order = ("left_on", "reason")

    def clean_left_on(self) -> date:
        return self._has_come("left_on")
