"""What the lists of core can be narrowed to."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from core import audit, log
from core.forms import Day, Filters
from core.imports.targets import targets
from core.kinds import ImportState
from core.models import Event, Import, ImportFault


class MessageFilterSet(Filters):
    """Messages by words of their subject."""

    q = CharFilter(
        field_name="subject",
        lookup_expr="icontains",
        label=_("Words in the subject"),
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )


class ImportFilter(Filters):
    """Imports by words, by what is imported and by state."""

    words = CharFilter(field_name="title", lookup_expr="icontains", label=_("Name"), max_length=100, widget=forms.SearchInput)
    target = ChoiceFilter(label=_("What"), empty_label=_("Anything"))
    state = ChoiceFilter(label=_("State"), choices=ImportState.choices, empty_label=_("Any state"))

    def __init__(self, data: Any, queryset: QuerySet[Import]) -> None:
        super().__init__(data, queryset)
        self.filters["target"].extra["choices"] = [(target.name, target.label) for target in targets()]


class ImportFaultFilter(Filters):
    """Faults by words, by whether the record is refused, and by table."""

    words = CharFilter(label=_("Words"), max_length=100, method="search", widget=forms.SearchInput)
    severity = ChoiceFilter(
        label=_("Faults"), choices=[("refused", _("Refused: not imported")), ("note", _("Notes"))], empty_label=_("All")
    )
    table = ChoiceFilter(label=_("Table"), empty_label=_("Any table"))

    def __init__(self, data: Any, queryset: QuerySet[ImportFault]) -> None:
        super().__init__(data, queryset)
        self.filters["table"].extra["choices"] = [(name, name) for name in queryset.tables()]  # type: ignore[attr-defined]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)


class DayFilter(DateFilter):  # type: ignore[misc]
    """A day, as forms ask for it."""

    field_class = Day


class EventFilter(Filters):
    """The log by who, what record, kind of change, days and words. For rows of log.readable()."""

    who = CharFilter(label=_("Who"), max_length=100, method="done_by", widget=forms.SearchInput)
    kind = ChoiceFilter(label=_("What about"), empty_label=_("Anything"), method="of_kind")
    record = CharFilter(label=_("Number of the record"), max_length=40, method="about", widget=forms.SearchInput)
    verb = ChoiceFilter(label=_("Change"), empty_label=_("Any change"))
    since = DayFilter(field_name="at", lookup_expr="date__gte", label=_("From"))
    until = DayFilter(field_name="at", lookup_expr="date__lte", label=_("Until"))
    words = CharFilter(label=_("Words in it"), max_length=100, method="saying", widget=forms.SearchInput)

    def __init__(self, data: Any, queryset: QuerySet[Event]) -> None:
        super().__init__(data, queryset)
        kinds = {model._meta.label_lower: capfirst(str(model._meta.verbose_name)) for model in log.models()}
        self.filters["kind"].extra["choices"] = sorted(kinds.items(), key=lambda kind: kind[1])
        self.filters["verb"].extra["choices"] = log.verbs()

    def done_by(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(by__in=audit.named(value))

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(subject__startswith=f"{value}:")

    def about(self, rows: Any, name: str, value: str) -> Any:
        return rows.about(value)

    def saying(self, rows: Any, name: str, value: str) -> Any:
        return rows.saying(value)
