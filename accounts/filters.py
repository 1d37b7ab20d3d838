"""The filters of the list of people."""

from typing import Any

import django_filters
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from accounts.kinds import SignInState
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
