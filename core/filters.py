"""What the lists of core can be narrowed to."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from core.forms import Filters
from core.imports.targets import targets
from core.kinds import ImportState
from core.models import Import, ImportFault


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
