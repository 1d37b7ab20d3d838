"""What comes in from the browser about a handover as a whole: who receives it, and what is offered."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Person
from core.forms import Choice, Form
from fellowships.kinds import handover_outline
from fellowships.models import Handover, Section
from fellowships.states import DONE


class HandoverAssignForm(Form):
    """One person of the host for each part of the work, and one who leads on that side."""

    lead = Choice(
        None,
        label=gettext_lazy("Receiving lead"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
        help_text=gettext_lazy("Sees the whole plan through on the side of the host."),
    )

    def __init__(self, data: Any, handover: Handover, people: QuerySet[Person]) -> None:
        now: dict[str, list[Section]] = {}
        for section in handover.sections():
            now.setdefault(section.owner_role, []).append(section)
        initial = {"lead": handover.lead and handover.lead.ref}
        parts: dict[str, forms.Field] = {}
        for role, sections in now.items():
            parts[role] = _part(role, sections)
            held = {section.receiver for section in sections if section.state not in DONE}
            one = next(iter(held)) if len(held) == 1 else None
            initial[role] = one.ref if one else None
        self.base_fields = {**type(self).base_fields, **parts}
        super().__init__(data, initial=initial)
        for field in self.fields.values():
            field.queryset = people

    def named(self) -> dict[str, Person]:
        """{role: who receives its sections}, where somebody was chosen."""
        return {name: person for name, person in self.cleaned_data.items() if person and name != "lead"}


def _part(role: str, sections: list[Section]) -> Choice:
    roles = handover_outline().roles
    numbers = ", ".join(str(section.number) for section in sections)
    words = {"asks": roles[role]["asks"] if role in roles else "", "numbers": numbers}
    help_text = (
        ngettext(
            "%(asks)s Section %(numbers)s. If it is accepted, it stays with who accepted it.",
            "%(asks)s Sections %(numbers)s. Those that are accepted stay with who accepted them.",
            len(sections),
        )
        % words
    )
    return Choice(None, label=sections[0].role_label, required=False, empty_label=_("As it is"), help_text=help_text)


class HandoverOfferForm(Form):
    """Which of the sections that are ready go to their receivers."""

    sections = forms.ModelMultipleChoiceField(
        None,
        to_field_name="ref",
        label=gettext_lazy("Sections to offer"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, sections: QuerySet[Section], ready: list[Section]) -> None:
        super().__init__(data, initial={"sections": [section.ref for section in ready]})
        field = self.fields["sections"]
        field.error_messages = {**field.error_messages, "required": _("Tick at least one section.")}
        field.queryset = sections
        field.choices = [(section.ref, f"{section}: {section.receiver}") for section in ready]
