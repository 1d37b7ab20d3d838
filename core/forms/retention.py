"""Why a kind of record is on hold."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.fields import Form


class RetentionHoldForm(Form):
    """The reason, which stays on record."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Such as: a complaint is being looked into. It stands in the log."),
    )
