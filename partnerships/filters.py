"""The filters of the register of organisations."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from core.forms import Filters
from partnerships.kinds import OrganisationKind
from partnerships.models import Organisation

NOT_KNOWN = ("unknown", _("Not known"))


class OrganisationFilter(Filters):
    """Words, kind and country. What nobody has said can be asked for as well."""

    words = django_filters.CharFilter(label=_("Name or city"), max_length=200, method="search", widget=SearchInput)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=[*OrganisationKind.choices, NOT_KNOWN], empty_label=_("Any kind"), method="of_kind"
    )
    country = django_filters.ChoiceFilter(label=_("Country"), empty_label=_("Any country"), method="of_country")

    def __init__(self, data: Any, queryset: QuerySet[Organisation]) -> None:
        super().__init__(data, queryset)
        names = queryset.countries()
        self.filters["country"].extra["choices"] = [*((name, name) for name in names), NOT_KNOWN]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(kind="" if value == "unknown" else value)

    def of_country(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(country="" if value == "unknown" else value)
