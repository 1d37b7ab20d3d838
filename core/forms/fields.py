"""What comes in from a browser at the desk: forms and filters that say in our words what has to be changed."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports.words import TURNING, UNSEEN

R = TypeVar("R")
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
MESSAGES = {
    "required": gettext_lazy("Fill this in."),
    "max_length": gettext_lazy("Write at most %(limit_value)s characters; there are %(show_value)s."),
    "invalid_choice": gettext_lazy("Choose one of the list."),
    "null_characters_not_allowed": gettext_lazy("There is a character in it that cannot be stored. Type it again."),
}
CHOOSE = gettext_lazy("Choose one.")


def printable(text: str) -> None:
    """Raises ValidationError for control characters, line breaks among them, for what turns the direction, and for what is
    not seen at all: two names that look the same would be two."""
    if UNSEEN.search(text):
        raise ValidationError(_("There is a character in it that is not shown. Type it again instead of pasting it."))
    _printed(text)


def _printed(line: str) -> None:
    if any(mark in TURNING or unicodedata.category(mark) == "Cc" for mark in line.replace("\x00", "")):  # NUL: Django's own
        raise ValidationError(_("There is a character in it that is not shown. Type it again instead of pasting it."))


def printable_lines(text: str) -> None:
    """For text of several lines: soft hyphens and the like, which come along from pages, do no harm in it."""
    for line in text.replace("\t", " ").splitlines():
        _printed(line)


class Day(forms.DateField):
    """A day between 1990 and 2100: what is before or after is a slip of the hand, and lies outside every calendar."""

    default_error_messages = {
        "invalid": gettext_lazy("Write a day as year, month and day, such as 2027-01-31."),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **options})

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            ends = {"first": date_format(FIRST_DAY, "j F Y"), "last": date_format(LAST_DAY, "j F Y")}
            raise ValidationError(_("Write a day from %(first)s to %(last)s.") % ends)
        return day


class Lines(forms.CharField):
    """Text, one entry a line, as a list without blanks and doubles."""

    def __init__(self, *, most: int = 40, longest: int = 200, **options: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 4}), **options})
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(_("Write at most %(most)s lines; there are %(are)s.") % {"most": self.most, "are": len(value)})
        for number, line in enumerate(value, start=1):
            if len(line) > self.longest:
                words = {"number": number, "longest": self.longest}
                raise ValidationError(_("Line %(number)s is longer than %(longest)s characters.") % words)

    def run_validators(self, value: Any) -> None:
        super().run_validators("\n".join(value))


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the answers that came, or None where it is shown for the first time."""
    return request.POST if request.method == "POST" else None


class Form(forms.Form):
    """A form of the desk. What is refused is said in our words, and what was typed stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _speak(field)

    @property
    def status(self) -> int:
        """Of the answer that shows this form: 422 when something in it has to be changed."""
        return 422 if self.errors else 200

    def tried(self, act: Callable[..., R], **facts: Any) -> R | None:
        """What the action gave; None when it refused, and then its reason stands on the form."""
        try:
            return act(**facts)
        except ValidationError as error:
            self.add_error(None, error)
        except PermissionDenied as error:
            self.add_error(None, str(error))
        return None

    def later(self, first: str, last: str, message: str = "") -> None:
        """Put it on the field `last` when its day lies before that of `first`. For clean()."""
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begin and end and end < begin:
            day = date_format(begin, "j F Y")
            self.add_error(last, message or _("The last day cannot lie before the first, %(day)s.") % {"day": day})


class OnceForm(Form):
    """Adds a record. One that looks like another is asked about first, so that a second click adds nothing.

    The action raises ValidationError with the code "namesake" until the tick says that another one is meant.
    """

    namesake = forms.BooleanField(
        required=False, widget=forms.HiddenInput, label=gettext_lazy("I mean another one with the same name")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "namesake"), "namesake"])

    def add_error(self, field: str | None, error: Any) -> None:
        if getattr(error, "code", "") == "namesake":
            field, self.fields["namesake"].widget = "namesake", forms.CheckboxInput()
        super().add_error(field, error)


def _speak(field: forms.Field) -> None:
    words: dict[str, Any] = dict(MESSAGES)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        words["required"] = CHOOSE
    elif isinstance(field, forms.EmailField):
        words["invalid"] = gettext_lazy("Write an e-mail address such as name@example.org.")
    elif isinstance(field, forms.URLField):
        words["invalid"] = gettext_lazy("Write a web address that begins with https://.")
    elif isinstance(field, forms.IntegerField):
        words["invalid"] = gettext_lazy("Write a whole number.")
        words["min_value"] = gettext_lazy("Write a number from %(limit_value)s on.")
        words["max_value"] = gettext_lazy("Write a number up to %(limit_value)s.")
    field.error_messages = {**field.error_messages, **words}
    if isinstance(field, forms.CharField):
        lines = isinstance(field.widget, forms.Textarea)
        field.validators = [*field.validators, printable_lines if lines else printable]


class Choice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the records that were handed in, by public reference: no key leaves, and another's record is no choice."""

    def __init__(self, queryset: QuerySet[Any] | None, **options: Any) -> None:
        super().__init__(queryset, **{"to_field_name": "ref", **options})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:  # no ref, and PostgreSQL would refuse to look for it
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of a list, kept in its address. An address that cannot be understood shows an empty list and says why:
    never a longer list than was asked for."""

    class Meta:
        form = Form

    @property
    def qs(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().qs if self.is_valid() else self.queryset.none()
        return found

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for less than everything."""
        return any(self.form[name].data for name in self.form.fields)
