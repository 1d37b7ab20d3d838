"""What comes in from the browser about organisations, the people in them, and programmes."""

from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import MEMBER_ROLES
from core.calendar import Calendar, CalendarError
from core.forms import FIRST_DAY, LAST_DAY, Choice, Form, Lines, OnceForm
from partnerships.kinds import OrganisationKind
from partnerships.models import Organisation, Programme

MOST_HOLIDAYS = 200


class OrganisationEditForm(Form):
    """The facts of the register. The second group is what an agreement prints of a party."""

    name = forms.CharField(
        label=gettext_lazy("Registered name"),
        max_length=200,
        help_text=gettext_lazy("As the law knows it: every agreement prints it so."),
    )
    short_name = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("What people call it. Lists and titles use it."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("Not known")), *OrganisationKind.choices]
    )
    legal_form = forms.CharField(
        label=gettext_lazy("Legal form"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "Such as municipality, agency, registered association. Needed of the side that runs the programme."
        ),
    )
    registration = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("With the register it stands in. Needed of the side that runs the programme."),
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The law or decision that lets it sign agreements. Needed of a host."),
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Where a letter reaches it, on one line."),
    )
    notice_email = forms.EmailField(
        label=gettext_lazy("E-mail for notices"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Formal notices under an agreement go there. An office lasts longer than a person."),
    )
    website = forms.URLField(label=gettext_lazy("Website"), max_length=500, required=False, assume_scheme="https")
    city = forms.CharField(label=gettext_lazy("City"), max_length=100, required=False)
    region = forms.CharField(label=gettext_lazy("Region"), max_length=100, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=100, required=False)
    about = forms.CharField(
        label=gettext_lazy("About"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    tags = Lines(label=gettext_lazy("Tags"), required=False, longest=60, help_text=gettext_lazy("One a line."))
    former_names = Lines(
        label=gettext_lazy("Former names"),
        required=False,
        help_text=gettext_lazy("One a line. Who searches for one of them finds the organisation."),
    )

    GROUPS = (
        (gettext_lazy("The organisation"), ("name", "short_name", "kind")),
        (
            gettext_lazy("What an agreement prints"),
            ("legal_form", "registration", "legal_basis", "address", "notice_email"),
        ),
        (gettext_lazy("Where to find it"), ("website", "city", "region", "country")),
        (gettext_lazy("More"), ("about", "tags", "former_names")),
    )

    @classmethod
    def of(cls, data: Any, organisation: Organisation) -> "OrganisationEditForm":
        """Filled with what the register has."""
        return cls(data, initial=model_to_dict(organisation, fields=list(cls.base_fields)))

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(title, its fields) in the order of the page."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]


class OrganisationAddForm(OnceForm, OrganisationEditForm):
    """A new entry of the register."""


class MemberAddForm(Form):
    """Who gets which role. The address is how the person signs in."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As agreements print it."))
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy(
            "The person signs in with it and gets a mail that says how. An address that is known here belongs to the person "
            "it belongs to, under the name on record."
        ),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Such as Director of Access. It stands beside a signature."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.slug, f"{role.label}: {role.sentence}") for role in MEMBER_ROLES.values()]


@lru_cache
def _time_zones() -> list[str]:
    names = available_timezones() - {"localtime", "Factory"}
    return ["UTC", *sorted(name for name in names if "/" in name and not name.startswith("Etc/"))]


class ProgrammeEditForm(Form):
    """Who signs for a programme, and which days and hours its time limits follow."""

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
