"""What comes in from the browser about hackathons."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Choice, Day, Form
from partnerships.models import Hackathon, Organisation, Programme, spaced
from partnerships.states import DEFAULT_DAYS


class Days(forms.CharField):
    """Numbers of days with commas between them, as a list in order."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(number) for number in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        words = re.split(r"[\s,;]+", (super().to_python(value) or "").strip(" ,;"))
        if not all(re.fullmatch(r"[0-9]{1,5}", word) for word in words if word):
            raise ValidationError(_("Write whole numbers with commas between them, such as 30, 90, 180, 365."))
        return [int(word) for word in words if word]

    def validate(self, value: Any) -> None:
        super().validate(value)
        spaced(value)

    def run_validators(self, value: Any) -> None:
        """Those of a text would look at the list."""

    def clean(self, value: Any) -> list[int]:
        return sorted(super().clean(value))


class HackathonEditForm(Form):
    """The facts of the event, and when it is asked what became of its outputs."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    organiser = Choice(
        None,
        label=gettext_lazy("Organisation that holds it"),
        empty_label=gettext_lazy("Choose one"),
        help_text=gettext_lazy("From the register of organisations."),
    )
    starts = Day(label=gettext_lazy("First day"))
    ends = Day(label=gettext_lazy("Last day"), help_text=gettext_lazy("The questions count from it."))
    venue = forms.CharField(label=gettext_lazy("Place"), max_length=300, required=False)
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Two or three sentences for the public page."),
    )
    in_person = forms.IntegerField(label=gettext_lazy("People on the spot"), required=False, min_value=0, max_value=100_000)
    online = forms.IntegerField(label=gettext_lazy("People online"), required=False, min_value=0, max_value=100_000)
    users = forms.IntegerField(
        label=gettext_lazy("Of all these, people who live with the problem"), required=False, min_value=0, max_value=100_000
    )
    follow_up_days = Days(
        label=gettext_lazy("Days after which it is asked what became of each output"),
        max_length=100,
        help_text=gettext_lazy("Counted from the last day. At least 21 days apart: one is reminded of twice."),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organiser"].queryset = organisations.order_by("name", "pk")

    @classmethod
    def of(cls, data: Any, hackathon: Hackathon, organisations: QuerySet[Organisation]) -> "HackathonEditForm":
        """Filled with what is on record. Once it is closed, its days stand."""
        facts = model_to_dict(hackathon, fields=list(cls.base_fields)) | {"organiser": hackathon.organiser.ref}
        form = cls(data, initial=facts, organisations=organisations)
        if hackathon.closed:
            for name in ("starts", "ends", "follow_up_days"):
                del form.fields[name]
        return form

    def clean(self) -> dict[str, Any]:
        self.later("starts", "ends")
        given = self.cleaned_data
        people = [given.get("in_person"), given.get("online")]
        if None not in (*people, given.get("users")) and given["users"] > sum(people):
            self.add_error("users", _("There cannot be more of them than people who took part."))
        return given


class HackathonOpenForm(HackathonEditForm):
    """A new event of a programme."""

    programme = Choice(None, label=gettext_lazy("Programme"), empty_label=None)

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"follow_up_days": list(DEFAULT_DAYS)}, **kwargs})
        self.fields["programme"].queryset = programmes.order_by("name")
        self.order_fields(["programme"])
