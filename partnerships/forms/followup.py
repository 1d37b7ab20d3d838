"""What is said about an output when it is asked what became of it."""

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form
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
