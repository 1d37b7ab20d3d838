"""What is said about an output when it is asked what became of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form
from partnerships.models import FollowUp
from partnerships.states import Outcome


class FollowUpAnswerForm(Form):
    """Two minutes: what became of it, where that can be seen, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What is its state?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("“Paused” and “Abandoned” are good answers: they tell the next team what to expect."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Where can a stranger see that?"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "A web address, a decision, a photo. Needed for the first five answers. Everybody can read it, so name no person."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("What helped or stopped it most?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A sentence. Everybody can read it."),
    )


class FollowUpCorrectForm(FollowUpAnswerForm):
    """The answer as it should have been, and why it was not."""

    why = forms.CharField(
        label=gettext_lazy("Why is it corrected?"),
        max_length=300,
        help_text=gettext_lazy(
            "Such as: the link led to another project. It stands beside the answer before, which stays on record."
        ),
    )
    shown = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, follow_up: FollowUp) -> None:
        standing = {name: getattr(follow_up, name) for name in ("outcome", "evidence", "reason")}
        super().__init__(data, initial={**standing, "shown": follow_up.earlieranswer_set.count()})
