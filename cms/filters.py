"""What the list of case studies can be narrowed to, in the address."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from cms.kinds import Level
from cms.models import CaseStudyPage, whole_name
from core.access import published
from fellowships.models import Cycle

OUTCOMES = [("figure", _("A figure")), ("none", _("None yet"))]


def _cycles(request: Any) -> QuerySet[Cycle]:
    return published(Cycle).select_related("programme")


class CycleField(ModelChoiceFilter.field_class):  # type: ignore[misc]
    """Says of each cycle whose it is."""

    def label_from_instance(self, obj: Cycle) -> str:
        return whole_name(obj)


class CycleFilter(ModelChoiceFilter):
    """One of the published cycles."""

    field_class = CycleField


class CaseStudyFilterSet(FilterSet):
    """By words, level, cycle, and whether there is an outcome."""

    q = CharFilter(method="by_words", label=_("Words"), max_length=100, widget=forms.TextInput({"type": "search"}))
    level = ChoiceFilter(choices=Level.choices, label=_("Level"), empty_label=_("All levels"))
    cycle = CycleFilter(queryset=_cycles, to_field_name="ref", method="by_cycle", label=_("Cycle"), empty_label=_("All cycles"))
    outcome = ChoiceFilter(choices=OUTCOMES, method="by_outcome", label=_("Outcome"), empty_label=_("All"))

    class Meta:
        model = CaseStudyPage
        fields: list[str] = []

    def by_words(self, rows: Any, name: str, words: str) -> Any:
        return rows.matching(words)

    def by_cycle(self, rows: Any, name: str, cycle: Cycle) -> Any:
        return rows.filter(cycle=cycle)

    def by_outcome(self, rows: Any, name: str, outcome: str) -> Any:
        return rows.filter(no_outcome_yet=outcome == "none")
