"""What comes in from the browser about cycles, hosts, fellows and placements."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import FIRST_DAY, LAST_DAY, Choice, Day, Form, Lines, OnceForm
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from partnerships.models import Organisation, Programme

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


class HostAddForm(Form):
    """An organisation of the register that takes fellows."""

    organisation = Choice(
        None,
        label=gettext_lazy("Organisation"),
        empty_label=gettext_lazy("Choose one"),
        help_text=gettext_lazy("From the register. Those that are hosts of this cycle already are not in the list."),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], free: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations  # a second click names one that is a host by now, and is no mistake
        rows = free.order_by("name", "pk").values_list("ref", "name")
        field.choices = [("", field.empty_label), *rows]


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


class PlacementWithdrawForm(Leaving):
    """When a placement ended before its time, and why."""

    ended_on = Day(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("Of a placement that never began: the day that was decided.")
    )
    field_order = ("ended_on", "reason")

    def clean_ended_on(self) -> date:
        return self._has_come("ended_on")


class PlacementPlanForm(Form):
    """The first and the last day of a placement."""

    starts = Day(label=gettext_lazy("First day"))
    ends = Day(label=gettext_lazy("Last day"))

    @classmethod
    def of(cls, data: Any, placement: Placement) -> "PlacementPlanForm":
        """Filled with its own days, or the cycle's."""
        return cls(data, initial={"starts": placement.first_day, "ends": placement.last_day})

    def clean(self) -> dict[str, Any]:
        self.later("starts", "ends")
        return self.cleaned_data


class PlacementAddForm(Form):
    """Where a fellow is to work, on what, and when."""

    host = Choice(None, label=gettext_lazy("Host"), empty_label=gettext_lazy("Choose one"))
    project = Choice(
        None,
        label=gettext_lazy("Project"),
        required=False,
        empty_label=gettext_lazy("A new one, or not known yet"),
        help_text=gettext_lazy("Of the programme, neither finished nor stopped."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title of a new project"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only where it is not in the list above. The host offers it from then on."),
    )
    problem = forms.CharField(
        label=gettext_lazy("The problem it is to solve"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The agreement prints it. Say who has the problem, and how often."),
    )
    starts = Day(label=gettext_lazy("First day"), required=False)
    ends = Day(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave both empty for the days of the cycle. The agreement has to cover them."),
    )

    def __init__(self, *args: Any, fellow: Fellow, hosts: QuerySet[Host], projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = fellow.cycle
        self.fields["host"].queryset = hosts
        self.fields["project"].queryset = projects

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        host, project = found.get("host"), found.get("project")
        if project and found.get("title"):
            self.add_error("title", _("Choose a project or write the title of a new one, not both."))
        if found.get("problem") and not found.get("title"):
            self.add_error("title", _("Give the new project a title, or empty the problem: it is written for a new one."))
        if host and project and project.organisation_id not in (None, host.organisation_id):
            words = {"organisation": project.organisation, "host": host}
            self.add_error("project", _("%(organisation)s offers this project, not %(host)s.") % words)
        self.later("starts", "ends")
        self._fits_the_cycle(found.get("starts"), found.get("ends"))
        return found

    def _fits_the_cycle(self, starts: date | None, ends: date | None) -> None:
        """One day alone is completed by the cycle's other one."""
        if starts and not self.data.get("ends") and self.cycle.ends and starts > self.cycle.ends:
            self.add_error("ends", _("Write a last day: the cycle ends before the first day of this placement."))
        if ends and not self.data.get("starts") and self.cycle.starts and ends < self.cycle.starts:
            self.add_error("starts", _("Write a first day: the cycle begins after the last day of this placement."))
