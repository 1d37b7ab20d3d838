"""What a list can be narrowed by: only what stands here, whatever the address says."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import Day, Filters
from mou.kinds import catalogue
from mou.models import Agreement, Duty
from mou.states import AgreementState, DutyState
from partnerships.models import in_tree

LONG = 14  # days after which a wait is called long


class Words(django_filters.CharFilter):
    """A search box."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.SearchInput, max_length=100, **options)


class DayFilter(django_filters.DateFilter):
    """A day, as forms ask for it."""

    field_class = Day


class Offering(Filters):
    """A FilterSet whose choices are what the list itself holds, so that none leads to nothing or tells of something else."""

    def offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Set the choices of a filter; one that could not choose anything is not shown."""
        if len(choices) > 1 or name in self.data:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]


class AgreementFilter(Offering):
    """The agreements at the desk."""

    q = Words(method="with_words", label=_("Words or number"))
    state = django_filters.ChoiceFilter(choices=AgreementState.choices, label=_("State"), empty_label=_("Any state"))
    party = django_filters.ChoiceFilter(method="with_party", label=_("Organisation"), empty_label=_("Any organisation"))
    programme = django_filters.ChoiceFilter(field_name="programme__ref", label=_("Programme"), empty_label=_("Any programme"))
    waits = django_filters.ChoiceFilter(
        method="who_waits",
        choices=[("me", _("Me, to sign")), ("long", _("Signatures, over 14 days"))],
        label=_("Waits for"),
        empty_label=_("Anyone"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("party", self.queryset.organisations())
        self.offer("programme", self.queryset.programmes())

    def with_words(self, rows: Any, name: str, value: str) -> QuerySet[Agreement]:
        return rows.search(value)

    def with_party(self, rows: Any, name: str, value: str) -> QuerySet[Agreement]:
        return rows.with_party(value)

    def who_waits(self, rows: Any, name: str, value: str) -> QuerySet[Agreement]:
        return rows.to_sign_by(self.request.user) if value == "me" else rows.out_longer(LONG)


class PublicAgreementFilter(Offering):
    """The public register."""

    q = Words(method="with_words", label=_("Words or number"))
    programme = django_filters.ChoiceFilter(field_name="programme__ref", label=_("Programme"), empty_label=_("Any programme"))
    organisation = django_filters.ChoiceFilter(method="with_party", label=_("Organisation"), empty_label=_("Any organisation"))
    state = django_filters.ChoiceFilter(
        choices=[(state.value, state.label) for state in (AgreementState.IN_FORCE, AgreementState.EXPIRED)],
        label=_("State"),
        empty_label=_("Any state"),
    )
    year = django_filters.ChoiceFilter(field_name="effective_on__year", label=_("In force since"), empty_label=_("Any year"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("programme", self.queryset.programmes())
        self.offer("organisation", self.queryset.organisations(labels=True))
        self.offer("year", [(str(year), str(year)) for year in self.queryset.years()])

    def with_words(self, rows: Any, name: str, value: str) -> QuerySet[Agreement]:
        return rows.search(value)

    def with_party(self, rows: Any, name: str, value: str) -> QuerySet[Agreement]:
        return rows.with_party(value)


STANDINGS = [
    ("late", _("Late")),
    ("soon", _("Due within 14 days")),
    (DutyState.OPEN.value, DutyState.OPEN.label),
    (DutyState.WAITING.value, DutyState.WAITING.label),
    (DutyState.SENT.value, DutyState.SENT.label),
    (DutyState.ACCEPTED.value, DutyState.ACCEPTED.label),
]


class DutyFilter(Offering):
    """The duties at the desk. Late and due soon are computed from today."""

    q = Words(method="with_words", label=_("Words"))
    state = django_filters.ChoiceFilter(method="standing", choices=STANDINGS, label=_("State"), empty_label=_("Any state"))
    side = django_filters.ChoiceFilter(
        method="on_side",
        choices=[("mine", _("We owe")), ("ours", _("We are owed"))],
        label=_("Whose"),
        empty_label=_("Everybody’s"),
    )
    party = django_filters.ChoiceFilter(method="owed_by", label=_("Owed by"), empty_label=_("Anyone"))
    agreement = django_filters.ChoiceFilter(field_name="agreement__ref", label=_("Agreement"), empty_label=_("Any agreement"))
    severity = django_filters.ChoiceFilter(field_name="obligation__severity", label=_("Severity"), empty_label=_("Any severity"))
    due_from = DayFilter(field_name="due", lookup_expr="gte", label=_("Due from"))
    due_until = DayFilter(field_name="due", lookup_expr="lte", label=_("Due until"))
    duty = django_filters.CharFilter(field_name="obligation__key", max_length=20, widget=forms.HiddenInput)
    each = django_filters.BooleanFilter(method="dates", label=_("Each date on a line"), widget=forms.CheckboxInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("party", self.queryset.debtors())
        self.offer("agreement", self.queryset.agreements())
        self.filters["severity"].extra["choices"] = list(catalogue().severities.items())

    def with_words(self, rows: Any, name: str, value: str) -> QuerySet[Duty]:
        return rows.search(value)

    def standing(self, rows: Any, name: str, value: str) -> QuerySet[Duty]:
        today = timezone.localdate()
        if value == "late":
            return rows.late(today)
        return rows.soon(today) if value == "soon" else rows.filter(Q(state=value))

    def owed_by(self, rows: Any, name: str, value: str) -> QuerySet[Duty]:
        return rows.filter(in_tree("obligation__debtor__organisation", value))

    def on_side(self, rows: Any, name: str, value: str) -> QuerySet[Duty]:
        return rows.owed_by(self.request.user) if value == "mine" else rows.owed_to(self.request.user)

    def dates(self, rows: Any, name: str, value: bool) -> QuerySet[Duty]:
        """How it is shown, not what: the view reads it."""
        return rows
