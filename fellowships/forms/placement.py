"""What comes in from the browser about placements."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Choice, Day, Form
from fellowships.forms.fellow import Leaving
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from fellowships.rules import why_outside
from fellowships.states import PlacementState


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


class WithinCycle(Form):
    """Of days that may be empty: then they are the cycle's."""

    cycle: Cycle

    def fits_the_cycle(self) -> None:
        """One day alone is completed by the cycle's other one."""
        self.later("starts", "ends")
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts and not self.data.get("ends") and self.cycle.ends and starts > self.cycle.ends:
            self.add_error("ends", _("Write a last day: the cycle ends before the first day of this placement."))
        if ends and not self.data.get("starts") and self.cycle.starts and ends < self.cycle.starts:
            self.add_error("starts", _("Write a first day: the cycle begins after the last day of this placement."))


class PlacementEditForm(WithinCycle):
    """What a placement is for and when. The fellow and the host are what it is: for another one, end it and make a new one."""

    project = Choice(None, label=gettext_lazy("Project"), required=False, empty_label=gettext_lazy("None is named"))
    starts = Day(label=gettext_lazy("First day"), required=False)
    ends = Day(label=gettext_lazy("Last day"), required=False)

    def __init__(self, *args: Any, placement: Placement, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placement, self.cycle = placement, placement.host.cycle
        self.fields["project"].queryset = projects
        if placement.state == PlacementState.ACTIVE:
            self.fields["starts"].required = self.fields["ends"].required = True
        elif self.cycle.starts and self.cycle.ends:
            days = {"first": date_format(self.cycle.starts, "j F Y"), "last": date_format(self.cycle.ends, "j F Y")}
            self.fields["ends"].help_text = _("Leave both empty for the days of the cycle: %(first)s to %(last)s.") % days

    @classmethod
    def of(cls, data: Any, placement: Placement, projects: QuerySet[Project]) -> "PlacementEditForm":
        """Filled with what is on record. Days that are the cycle's are empty."""
        project = placement.project and placement.project.ref
        initial = {"project": project, "starts": placement.starts, "ends": placement.ends}
        return cls(data, initial=initial, placement=placement, projects=projects)

    def clean(self) -> dict[str, Any]:
        self.fits_the_cycle()
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        outside = "" if self.errors else why_outside(self.placement, starts, ends)
        if outside:
            agreement = self.placement.agreement
            early = agreement and agreement.starts and starts and starts < agreement.starts
            self.add_error("starts" if early else "ends", outside)
        return self.cleaned_data


class PlacementAddForm(WithinCycle):
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
        self.fits_the_cycle()
        return found
