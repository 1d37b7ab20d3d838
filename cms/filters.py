"""What the list of case studies can be narrowed to, in the address."""

from typing import Any

import django_filters
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from cms.kinds import Level
from mou.filters import Offering

OUTCOMES = [("figure", _("A figure")), ("none", _("None yet"))]


class CaseStudyFilterSet(Offering):
    """By words, organisation, year, level, cycle, and whether there is an outcome.

    What occurs is offered and nothing else; the levels are a closed list of three and are all there (S2-6).
    """

    q = django_filters.CharFilter(method="by_words", label=_("Words"), max_length=100, widget=SearchInput)
    agency = django_filters.ChoiceFilter(method="by_agency", label=_("Agency or partner"), empty_label=_("Any"))
    year = django_filters.ChoiceFilter(method="by_year", label=_("Year of the work"), empty_label=_("Any year"))
    level = django_filters.ChoiceFilter(choices=Level.choices, label=_("Level"), empty_label=_("All levels"))
    cycle = django_filters.ChoiceFilter(field_name="cycle__ref", label=_("Cycle"), empty_label=_("All cycles"))
    outcome = django_filters.ChoiceFilter(choices=OUTCOMES, method="by_outcome", label=_("Outcome"), empty_label=_("All"))

    def __init__(self, data: Any, queryset: Any) -> None:
        super().__init__(data, queryset)
        self.offer("agency", self.queryset.agencies())
        self.offer("year", [(str(year), str(year)) for year in self.queryset.years()])
        self.offer("cycle", self.queryset.cycles())

    def by_words(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value)

    def by_agency(self, rows: Any, name: str, value: str) -> Any:
        return rows.of_agency(value)

    def by_year(self, rows: Any, name: str, value: str) -> Any:
        return rows.of_year(int(value))

    def by_outcome(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(no_outcome_yet=value == "none")
