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
from fellowships.rules import Guest, why_not_by
from partnerships.models import Programme


class FellowReplaceForm(OnceForm):
    """Who follows somebody that left."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As agreements print it."))
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "With one, the person is invited and can sign in. An address that is known here belongs to the person it belongs "
            "to, under the name on record."
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


class CohortInviteForm(Form):
    """An address for each who has none, and those on record as they were shown. Left empty, nothing goes to that person."""

    def __init__(self, data: Any = None, *, guests: list[Guest]) -> None:
        super().__init__(data)
        self.guests = guests
        for guest in guests:
            name = f"address_{guest.fellow.ref}"
            if guest.asks or guest.goes or (data is not None and name in data):
                field = forms.EmailField(label=guest.fellow.person.name, max_length=254, required=False, initial=guest.address)
                field.widget = forms.EmailInput({"autocomplete": "off"}) if guest.asks else forms.HiddenInput()
                field.error_messages["invalid"] = gettext_lazy("Write an e-mail address such as name@example.org.")
                self.fields[name] = field

    @property
    def asks(self) -> bool:
        """Whether there is an address to write."""
        return any(guest.asks for guest in self.guests)

    @property
    def addresses(self) -> dict[str, str]:
        """{reference of a fellow: address}, of those to whom one stands here."""
        given = {name.removeprefix("address_"): str(email) for name, email in self.cleaned_data.items()}
        return {ref: email for ref, email in given.items() if email}

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for guest in self.guests:
            name = f"address_{guest.fellow.ref}"
            email = facts.get(name)
            if not email:
                continue
            taken = why_not_by(guest.fellow, email) if guest.asks else ""
            if email.casefold() in seen:
                taken = _("The address of %(name)s stands above already. Two people never share one.") % {
                    "name": seen[email.casefold()]
                }
            seen[email.casefold()] = guest.fellow.person.name
            if taken:
                self.add_error(name, taken)
        return facts


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
