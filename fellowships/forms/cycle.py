"""What comes in from the browser about cycles."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import FIRST_DAY, LAST_DAY, Choice, Day, Form
from fellowships.models import Cycle
from partnerships.models import Programme

LONGEST = timedelta(days=5 * 366)


class CycleEditForm(Form):
    """What a cycle is called, and the days that its placements and agreements have unless they have their own."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("Such as 2026–27. The programme has each name once.")
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        required=False,
        min_value=FIRST_DAY.year,
        max_value=LAST_DAY.year,
        help_text=gettext_lazy("Lists are sorted by it. Without one, the year of the first day."),
    )
    starts = Day(label=gettext_lazy("First day"), required=False)
    ends = Day(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("An agreement with a host needs both days: it covers them."),
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary for the public page"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Two or three sentences: who works where, and what for."),
    )

    @classmethod
    def of(cls, data: Any, cycle: Cycle) -> "CycleEditForm":
        """Filled with what is on record."""
        return cls(data, initial=model_to_dict(cycle, fields=list(cls.base_fields)))

    def clean(self) -> dict[str, Any]:
        self.later("starts", "ends")
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts and ends and ends - starts > LONGEST:
            self.add_error("ends", _("A cycle lasts at most five years."))
        if starts and not self.cleaned_data.get("year") and "year" not in self.errors:
            self.cleaned_data["year"] = starts.year
        return self.cleaned_data


class CycleOpenForm(CycleEditForm):
    """A new round of one of the programmes that one coordinates."""

    programme = Choice(None, label=gettext_lazy("Programme"), empty_label=None)
    field_order = ("programme", "name")

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
        del self.fields["summary"]  # written when there is something to say
