"""What comes in from the browser about placements."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Choice, Day, Form
from fellowships.forms.fellow import Leaving
from fellowships.models import Fellow, Host, Placement, Project


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
