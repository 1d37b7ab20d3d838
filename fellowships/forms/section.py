"""What comes in from the browser about one section of a handover: its answers, who receives it, and why not."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core.forms import Choice, Form
from fellowships.models import Section

LONGEST = 10_000  # characters of one answer
LINES = {"table", "asset_table", "obligation_list", "people_by_role", "signatures"}  # several entries, one a line

SHORT = {"text", "person", "person_and_date", "signature"}


class Written(forms.CharField):
    """An answer that is needed before the section is offered, and may stay empty until then."""

    def validate(self, value: Any) -> None:
        pass


class Chosen(forms.ChoiceField):
    """The same for one of several answers."""

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


class SectionEditForm(Form):
    """The questions of a section. Half an answer is kept too: what is missing counts when the section is offered.

    `shown` is the fingerprint of what the writer had before them, so that nobody overwrites what they have not seen.
    """

    use_required_attribute = False
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, section: Section) -> None:
        asked = {f"a_{question['id']}": _field(question) for question in section.questions}
        self.base_fields = {**type(self).base_fields, **asked}
        super().__init__(data, initial={"shown": section.sha256()} | {f"a_{key}": text for key, text in section.answers.items()})

    def renew(self, section: Section) -> None:
        """What was typed stays; the next time it is sent, the writer has seen what stands there now."""
        self.data = self.data.copy()
        self.data["shown"] = section.sha256()

    def answers(self) -> dict[str, str]:
        """{question: answer}"""
        return {name.removeprefix("a_"): text for name, text in self.cleaned_data.items() if name.startswith("a_")}


def _field(question: dict[str, Any]) -> forms.Field:
    kind, needed = question["type"], bool(question.get("required"))
    entries = _("One entry a line.") if kind in LINES else ""
    words: dict[str, Any] = {
        "label": question["text"],
        "required": needed,
        "help_text": " ".join(filter(None, [question.get("help", ""), entries])),
    }
    if kind in ("choice", "yes_no"):
        choices = [(each, each[:1].upper() + each[1:]) for each in question.get("choices", ["yes", "no"])]
        return Chosen(choices=choices, widget=forms.RadioSelect, **words)
    if kind in SHORT:
        return Written(max_length=500, **words)
    return Written(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}), **words)


class SectionAssignForm(Form):
    """Who receives it."""

    receiver = Choice(None, label=gettext_lazy("Receiver"), empty_label=gettext_lazy("Choose one"))

    def __init__(self, data: Any, section: Section, people: QuerySet[Person]) -> None:
        super().__init__(data, initial={"receiver": section.receiver and section.receiver.ref})
        self.fields["receiver"].queryset = people
        host = section.handover.placement.host
        self.fields["receiver"].help_text = _("One of the people who have a role at %(host)s today.") % {"host": host}


class Reason(Form):
    """One or two sentences that stay on record."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class SectionSendBackForm(Reason):
    """What is missing."""

    reason = forms.CharField(
        label=gettext_lazy("What is missing"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The fellow reads it and writes the section again."),
    )


class SectionWaiveForm(Reason):
    """Why the placement may be completed without it."""


class SectionLeaveOutForm(Reason):
    """Why it does not fit here."""
