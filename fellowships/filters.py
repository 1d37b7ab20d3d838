"""The filters of the lists of cycles, of the fellows in one, of projects, placements and handovers."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from core.forms import Filters
from fellowships.models import Cycle, Handover, Placement, Project
from fellowships.states import CycleState, PlacementState, ProjectStatus, Standing
from partnerships.models import in_tree


class CycleFilter(Filters):
    """Words, programme and state."""

    words = django_filters.CharFilter(label=_("Name"), max_length=200, method="search", widget=SearchInput)
    programme = django_filters.ChoiceFilter(label=_("Programme"), empty_label=_("Any programme"), field_name="programme__ref")
    state = django_filters.ChoiceFilter(label=_("State"), empty_label=_("Any state"), choices=CycleState.choices)

    def __init__(self, data: Any, queryset: QuerySet[Cycle]) -> None:
        super().__init__(data, queryset)
        self.filters["programme"].extra["choices"] = queryset.programmes()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)


class PublicCycleFilter(Filters):
    """Words and, where there are several, the programme."""

    words = django_filters.CharFilter(label=_("Name"), max_length=200, method="search", widget=SearchInput)
    programme = django_filters.ChoiceFilter(label=_("Programme"), empty_label=_("Any programme"), field_name="programme__ref")

    def __init__(self, data: Any, queryset: QuerySet[Cycle]) -> None:
        super().__init__(data, queryset)
        self.filters["programme"].extra["choices"] = queryset.programmes()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)


class FellowFilter(Filters):
    """Words, and the groups that the figures of a cohort count."""

    GROUPS = (
        ("places", _("Places")),
        ("placed", _("Placed")),
        ("unplaced", _("Not placed")),
        ("withdrawn", _("Left")),
        ("replaced", _("Left, and somebody follows")),
    )
    words = django_filters.CharFilter(label=_("Name or home"), max_length=200, method="search", widget=SearchInput)
    group = django_filters.ChoiceFilter(label=_("Show"), empty_label=_("Everybody"), choices=GROUPS, method="in_group")

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def in_group(self, rows: Any, name: str, value: str) -> Any:
        return rows.in_group(value)


class ProjectFilter(Filters):
    """Words, programme, who offers it, and status. What nobody in particular offers can be asked for as well."""

    words = django_filters.CharFilter(label=_("Title or problem"), max_length=200, method="search", widget=SearchInput)
    programme = django_filters.ChoiceFilter(label=_("Programme"), empty_label=_("Any programme"), field_name="programme__ref")
    organisation = django_filters.ChoiceFilter(label=_("Offered by"), empty_label=_("Anybody"), method="offered_by")
    status = django_filters.ChoiceFilter(label=_("Status"), empty_label=_("Any status"), choices=ProjectStatus.choices)

    def __init__(self, data: Any, queryset: QuerySet[Project]) -> None:
        super().__init__(data, queryset)
        self.filters["programme"].extra["choices"] = queryset.programmes()
        self.filters["organisation"].extra["choices"] = [*queryset.organisations(), ("nobody", _("Nobody in particular"))]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def offered_by(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(organisation=None) if value == "nobody" else rows.filter(in_tree("organisation", value))


class PlacementFilter(Filters):
    """Words, cycle, host and state; and those that are to start within two weeks or should have started."""

    words = django_filters.CharFilter(label=_("Fellow, host or project"), max_length=200, method="search", widget=SearchInput)
    cycle = django_filters.ChoiceFilter(label=_("Cycle"), empty_label=_("Any cycle"), field_name="host__cycle__ref")
    host = django_filters.ChoiceFilter(label=_("Host"), empty_label=_("Any host"), method="at_host")
    state = django_filters.ChoiceFilter(label=_("State"), empty_label=_("Any state"), choices=PlacementState.choices)
    start = django_filters.ChoiceFilter(
        label=_("Start"),
        empty_label=_("At any time"),
        choices=[("due", _("Within 14 days or past, not started"))],
        method="to_start",
    )

    def __init__(self, data: Any, queryset: QuerySet[Placement]) -> None:
        super().__init__(data, queryset)
        self.filters["cycle"].extra["choices"] = queryset.cycles()
        self.filters["host"].extra["choices"] = queryset.organisations()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def at_host(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(in_tree("host__organisation", value))

    def to_start(self, rows: Any, name: str, value: str) -> Any:
        return rows.to_start()


class HandoverFilter(Filters):
    """Words, cycle, host, and how it stands today."""

    words = django_filters.CharFilter(
        label=_("Fellow, host, project or receiver"), max_length=200, method="search", widget=SearchInput
    )
    cycle = django_filters.ChoiceFilter(label=_("Cycle"), empty_label=_("Any cycle"), field_name="placement__host__cycle__ref")
    host = django_filters.ChoiceFilter(label=_("Host"), empty_label=_("Any host"), method="at_host")
    standing = django_filters.ChoiceFilter(
        label=_("Stands"), empty_label=_("Any"), choices=Standing.choices, method="that_stands"
    )

    def __init__(self, data: Any, queryset: QuerySet[Handover]) -> None:
        super().__init__(data, queryset)
        self.filters["cycle"].extra["choices"] = queryset.cycles()
        self.filters["host"].extra["choices"] = queryset.organisations()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def at_host(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(in_tree("placement__host__organisation", value))

    def that_stands(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_standing().filter(standing=value)
