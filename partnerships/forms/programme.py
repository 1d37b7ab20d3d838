"""What comes in from the browser about programmes and the roles in them."""

from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import PROGRAMME_ROLES
from core.calendar import Calendar, CalendarError
from core.forms import FIRST_DAY, LAST_DAY, Choice, Form
from partnerships.forms.organisation import MembershipDateForm, RoleDates, first_day, first_day_without
from partnerships.models import Organisation, Programme

MOST_HOLIDAYS = 200


class ProgrammeOpenForm(Form):
    """A new programme: its name, and who signs for it if that is known."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As the public reads it: Civic Fellowship of Orvella.")
    )
    organisation = Choice(
        None,
        label=gettext_lazy("Organisation that signs for the programme"),
        required=False,
        empty_label=gettext_lazy("Not chosen yet"),
        help_text=gettext_lazy("It is a party to every agreement with a host. A coordinator can choose it later."),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations.order_by("name", "pk")


@lru_cache
def _time_zones() -> list[str]:
    names = available_timezones() - {"localtime", "Factory"}
    return ["UTC", *sorted(name for name in names if "/" in name and not name.startswith("Etc/"))]


class ProgrammeEditForm(Form):
    """Its name, who signs for it, and which days and hours its time limits follow."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    organisation = Choice(
        None,
        label=gettext_lazy("Organisation that signs for the programme"),
        required=False,
        empty_label=gettext_lazy("Not chosen yet"),
        help_text=gettext_lazy(
            "It is a party to every agreement with a host. Its people who may read agreements see the cycles, hosts, fellows and "
            "placements of the programme."
        ),
    )
    calendar = forms.CharField(
        label=gettext_lazy("Holiday calendar"),
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "A country, or a part of one: US, DE-BY, GB-ENG. Without one, Monday to Friday are business days and no day is off."
        ),
    )
    local_holidays = forms.CharField(
        label=gettext_lazy("Local holidays"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, the day and its name: 2026-10-12 Charter Day"),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("A day ends at midnight there, for every time limit.")
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations.order_by("name", "pk")
        self.fields["time_zone"].choices = [(name, name) for name in _time_zones()]

    @classmethod
    def of(cls, data: Any, programme: Programme, organisations: QuerySet[Organisation]) -> "ProgrammeEditForm":
        """Filled with what is on record."""
        facts = {
            "name": programme.name,
            "organisation": programme.organisation and programme.organisation.ref,
            "calendar": programme.calendar,
            "local_holidays": "\n".join(f"{day} {name}" for day, name in programme.local_holidays.items()),
            "time_zone": programme.time_zone,
        }
        return cls(data, initial=facts, organisations=organisations)

    def clean_calendar(self) -> str:
        code = self.cleaned_data["calendar"]
        try:
            return Calendar(code).code
        except CalendarError as error:
            raise ValidationError(error.message)

    def clean_local_holidays(self) -> dict[str, str]:
        """{ISO day: name}, in the order of the days."""
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["local_holidays"].splitlines(), start=1):
            if not line.strip():
                continue
            day, name = _holiday(line.strip(), number)
            if day.isoformat() in found:
                words = {"number": number, "day": date_format(day, "j F Y")}
                raise ValidationError(_("Line %(number)s: %(day)s stands there twice.") % words)
            found[day.isoformat()] = name
        if len(found) > MOST_HOLIDAYS:
            raise ValidationError(_("Write at most %(most)s days.") % {"most": MOST_HOLIDAYS})
        return dict(sorted(found.items()))


def _holiday(line: str, number: int) -> tuple[date, str]:
    """The day and its name. Raises ValidationError with the number of the line."""
    written, _space, name = line.partition(" ")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or not name.strip() or not FIRST_DAY <= day <= LAST_DAY or len(name) > 100:
        raise ValidationError(
            _("Line %(number)s: write the day and its name, such as 2026-10-12 Charter Day.") % {"number": number}
        )
    return day, name.strip()


class ProgrammeRoleGiveForm(RoleDates):
    """Who gets which role in a programme. The address is how the person signs in."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As it is to stand on record."))
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("The person signs in with it. You see whom it belongs to before the role is given."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    since, until = first_day(), first_day_without()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.slug, f"{role.label}: {role.sentence}") for role in PROGRAMME_ROLES.values()]

    @property
    def role_label(self) -> str:
        """Of the role that was chosen; for a form that is valid."""
        return str(PROGRAMME_ROLES[self.cleaned_data["role"]].label)


class ProgrammeRoleDateForm(MembershipDateForm):
    """The same for a role in a programme."""
