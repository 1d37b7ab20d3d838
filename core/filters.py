"""What the lists of core can be narrowed to."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet

from core.models import Message


class MessageFilterSet(FilterSet):  # type: ignore[misc]
    """Messages by words of their subject."""

    q = CharFilter(
        field_name="subject",
        lookup_expr="icontains",
        label=_("Words in the subject"),
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )

    class Meta:
        model = Message
        fields: list[str] = []
