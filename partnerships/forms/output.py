"""What comes in from the browser about an output: what it is, and who answers for it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core.forms import Choice, Form
from partnerships.models import Organisation, Output
from partnerships.states import OutputKind


class OutputEditForm(Form):
    """What a team made."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Not known")), *OutputKind.choices],
        help_text=gettext_lazy("Code is one kind among others."),
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    team_size = forms.IntegerField(label=gettext_lazy("People in the team"), required=False, min_value=1, max_value=1000)
    users = forms.IntegerField(
        label=gettext_lazy("Of them, people who live with the problem"), required=False, min_value=0, max_value=1000
    )
    prize = forms.BooleanField(label=gettext_lazy("It won a prize"), required=False)
    link = forms.URLField(label=gettext_lazy("Where it can be seen"), max_length=500, required=False, assume_scheme="https")
    next_step = forms.CharField(
        label=gettext_lazy("Next step"), max_length=300, required=False, help_text=gettext_lazy("Who does what with it next.")
    )

    @classmethod
    def of(cls, data: Any, output: Output) -> "OutputEditForm":
        """Filled with what is on record."""
        return cls(data, initial=model_to_dict(output, fields=list(cls.base_fields)))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        size, users = given.get("team_size"), given.get("users")
        if size is not None and users is not None and users > size:
            self.add_error("users", _("There cannot be more of them than people in the team."))
        return given


class OutputAddForm(OutputEditForm):
    """A further output of an open hackathon."""


class AgencyChooseForm(Form):
    """The first half of naming an owner: at which agency. It asks by the address."""

    agency = Choice(None, label=gettext_lazy("Agency"), empty_label=gettext_lazy("Choose one"))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = organisations.order_by("name", "pk")


class OwnerNameForm(Form):
    """The second half: who works there and answers for it."""

    owner = Choice(None, label=gettext_lazy("Owner"), widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people
