"""The filters of the lists: organisations, programmes, hackathons with their outputs, and the questions about these."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from core.forms import Filters
from partnerships.kinds import JurisdictionLevel, OrganisationKind
from partnerships.models import FollowUp, Hackathon, Organisation, Output, Programme, choices_of, in_tree, tree_choices
from partnerships.states import NOT_ASKED, FollowUpState, HackathonState, Outcome

NOT_KNOWN = ("unknown", _("Not known"))


class OrganisationFilter(Filters):
    """Words, kind, place and jurisdiction. What nobody has said can be asked for as well."""

    words = django_filters.CharFilter(label=_("Name or city"), max_length=200, method="search", widget=SearchInput)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=[*OrganisationKind.choices, NOT_KNOWN], empty_label=_("Any kind"), method="of_kind"
    )
    country = django_filters.ChoiceFilter(label=_("Country"), empty_label=_("Any country"), method="of_country")
    level = django_filters.ChoiceFilter(
        label=_("Level of jurisdiction"),
        choices=[*JurisdictionLevel.choices, NOT_KNOWN],
        empty_label=_("Any level"),
        method="of_level",
    )
    jurisdiction = django_filters.ChoiceFilter(label=_("Jurisdiction"), empty_label=_("Any jurisdiction"))
    within = django_filters.ChoiceFilter(label=_("With its departments"), empty_label=_("Any organisation"), method="in_tree")
    sensitive = django_filters.ChoiceFilter(
        label=_("Public pages"), choices=[("yes", _("Sensitive: on none"))], empty_label=_("Any"), method="kept_back"
    )
    entry = django_filters.ChoiceFilter(
        label=_("Entries"),
        choices=[("alike", _("Look like another")), ("double", _("Second entries"))],
        empty_label=_("Any"),
        method="of_entry",
    )

    def __init__(self, data: Any, queryset: QuerySet[Organisation]) -> None:
        super().__init__(data, queryset)
        self.filters["country"].extra["choices"] = [*((name, name) for name in queryset.countries()), NOT_KNOWN]
        self.filters["jurisdiction"].extra["choices"] = [(name, name) for name in queryset.jurisdictions()]
        self.filters["within"].extra["choices"] = queryset.with_departments()

    def kept_back(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(sensitive=True)

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(kind="" if value == "unknown" else value)

    def of_country(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(country="" if value == "unknown" else value)

    def of_level(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(jurisdiction_level="" if value == "unknown" else value)

    def in_tree(self, rows: Any, name: str, value: str) -> Any:
        return rows.within(value)

    def of_entry(self, rows: Any, name: str, value: str) -> Any:
        return rows.looking_alike() if value == "alike" else rows.exclude(same_as=None)


class PublicOrganisationFilter(OrganisationFilter):
    """The same on the public list: only what occurs there is offered."""

    sensitive = entry = None  # none is there; the register has its second entries for itself

    def __init__(self, data: Any, queryset: QuerySet[Organisation]) -> None:
        super().__init__(data, queryset)
        occur = queryset.occurring()
        for name, choices in (("kind", OrganisationKind.choices), ("level", JurisdictionLevel.choices)):
            offered = [each for each in choices if each[0] in occur[name]]
            self.filters[name].extra["choices"] = [*offered, *([NOT_KNOWN] if "" in occur[name] else [])]
        self.filters["country"].extra["choices"] = self.filters["country"].extra["choices"][:-1]
        for name in ("level", "jurisdiction", "within"):
            if not [each for each in self.filters[name].extra["choices"] if each != NOT_KNOWN] and name not in self.data:
                del self.filters[name]


class ProgrammeFilter(Filters):
    """Words, who signs, and what a programme still lacks."""

    LACKS = (("coordinator", _("A coordinator")), ("organisation", _("An organisation that signs")))
    words = django_filters.CharFilter(label=_("Name or organisation"), max_length=200, method="search", widget=SearchInput)
    organisation = django_filters.ChoiceFilter(
        label=_("Signs for it"), empty_label=_("Any organisation"), field_name="organisation__ref"
    )
    lacks = django_filters.ChoiceFilter(label=_("Lacks"), empty_label=_("Anything or nothing"), choices=LACKS, method="lacking")

    def __init__(self, data: Any, queryset: QuerySet[Programme]) -> None:
        super().__init__(data, queryset)
        self.filters["organisation"].extra["choices"] = queryset.organisations()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def lacking(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(organisation=None) if value == "organisation" else rows.without_coordinator()


class HackathonFilter(Filters):
    """Words, programme and state."""

    words = django_filters.CharFilter(label=_("Title or place"), max_length=200, method="search", widget=SearchInput)
    programme = django_filters.ChoiceFilter(label=_("Programme"), empty_label=_("Any programme"), field_name="programme__ref")
    state = django_filters.ChoiceFilter(label=_("State"), empty_label=_("Any state"), choices=HackathonState.choices)

    def __init__(self, data: Any, queryset: QuerySet[Hackathon]) -> None:
        super().__init__(data, queryset)
        self.filters["programme"].extra["choices"] = queryset.programmes()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)


NOT_YET = ("none", _("Not asked yet"))


class PublicOutputFilter(Filters):
    """The outputs of one hackathon as everybody sees them, by what became of them. After with_present()."""

    outcome = django_filters.ChoiceFilter(
        label=_("State now"), empty_label=_("Any state"), choices=[*Outcome.choices, NOT_YET], method="with_outcome"
    )
    prize = django_filters.ChoiceFilter(
        label=_("Prize"), empty_label=_("With or without"), choices=[("yes", _("With a prize"))], method="with_prize"
    )

    def with_outcome(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(outcome=NOT_ASKED if value == "none" else value)

    def with_prize(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(prize=True)


class OutputFilter(PublicOutputFilter):
    """The outputs of one hackathon at the desk: by agency, and those that nobody would answer for."""

    agency = django_filters.ChoiceFilter(label=_("Agency"), empty_label=_("Any agency"), method="of_agency")
    owner = django_filters.ChoiceFilter(
        label=_("Owner"), empty_label=_("Any"), choices=[("needed", _("Needs an owner"))], method="with_owner"
    )

    def __init__(self, data: Any, queryset: QuerySet[Output]) -> None:
        super().__init__(data, queryset)
        self.filters["agency"].extra["choices"] = tree_choices(queryset, "agency")

    def of_agency(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(in_tree("agency", value))

    def with_owner(self, rows: Any, name: str, value: str) -> Any:
        return rows.needing_owner()


class FollowUpFilter(Filters):
    """The questions at the desk: by words, hackathon, agency, where they stand and what was answered."""

    words = django_filters.CharFilter(label=_("Output or agency"), max_length=200, method="search", widget=SearchInput)
    hackathon = django_filters.ChoiceFilter(
        label=_("Hackathon"), empty_label=_("Any hackathon"), field_name="output__hackathon__ref"
    )
    agency = django_filters.ChoiceFilter(label=_("Agency"), empty_label=_("Any agency"), method="of_agency")
    state = django_filters.ChoiceFilter(label=_("State"), empty_label=_("Any state"), choices=FollowUpState.choices)
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), empty_label=_("Any outcome"), choices=Outcome.choices)

    def __init__(self, data: Any, queryset: QuerySet[FollowUp]) -> None:
        super().__init__(data, queryset)
        self.filters["hackathon"].extra["choices"] = choices_of(queryset, "output__hackathon__ref", "output__hackathon__title")
        self.filters["agency"].extra["choices"] = tree_choices(queryset, "output__agency")

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def of_agency(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(in_tree("output__agency", value))
