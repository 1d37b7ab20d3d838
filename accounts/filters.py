"""The filters of the lists of people and of invitations."""

from typing import Any

import django_filters
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from accounts.kinds import InvitationState, SignInState
from core.forms import Filters


class PersonFilter(Filters):
    """Words, and how the sign-in stands. For rows after with_sign_in()."""

    words = django_filters.CharFilter(label=_("Name or address"), max_length=200, method="search", widget=SearchInput)
    sign_in = django_filters.ChoiceFilter(
        label=_("Sign-in"), choices=SignInState.choices, empty_label=_("Any"), field_name="sign_in_state"
    )

    sensitive = django_filters.ChoiceFilter(
        label=_("Public pages"), choices=[("yes", _("Sensitive: never named"))], empty_label=_("Any"), method="kept_back"
    )

    def kept_back(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(sensitive=True)

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)


class InvitationFilter(Filters):
    """Words, how it stands, and to where. For rows after with_word()."""

    words = django_filters.CharFilter(label=_("Name or address"), max_length=200, method="search", widget=SearchInput)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            *InvitationState.choices,
            ("ending", _("Open for three days at most")),
            ("undelivered", _("Mail does not leave")),
        ],
        empty_label=_("Any"),
        method="stand",
    )
    place = django_filters.ChoiceFilter(label=_("To"), empty_label=_("Anywhere"), method="lead")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["place"].extra["choices"] = self.queryset.places()

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def stand(self, rows: Any, name: str, value: str) -> Any:
        return {"ending": rows.ending, "undelivered": rows.undelivered}.get(value, lambda: rows.filter(word=value))()

    def lead(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(place__endswith=f":{value}")
