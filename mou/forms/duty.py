"""What is said about a duty: that its event happened, that it is done, whether that is enough."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Day, Form
from mou.forms.agreement import Prose


class DutyDateForm(Form):
    """The day of the event that the duty waits for."""

    happened = Day(
        label=gettext_lazy("Day of the event"),
        help_text=gettext_lazy("The time limit counts from this day. It cannot be changed afterwards."),
    )


class DutyReportForm(Form):
    """What was done, and where that can be seen."""

    evidence = Prose(
        label=gettext_lazy("What was done, and where it can be seen"),
        help_text=gettext_lazy("A sentence or two, with the place of the document or its address."),
    )


class DutyAnswerForm(Form):
    """The other side's answer."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("accept", gettext_lazy("Accept: it is done")), ("back", gettext_lazy("Send it back: something is missing"))],
        widget=forms.RadioSelect,
    )
    reason = Prose(
        label=gettext_lazy("What is missing"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Only if you send it back: the other side reads it."),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("answer") == "back" and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext_lazy("Say what is missing, so that it can be done."))
        return given
