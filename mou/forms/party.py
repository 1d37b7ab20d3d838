"""Who signs for each party."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core.forms import Form
from mou.models import Agreement, Party


class AgreementSignatoriesForm(Form):
    """One choice a party, among those who are signatories of its organisation today."""

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parties = {f"party-{party.role}": party for party in agreement.parties()}
        self.people = {name: party.organisation.people("signatory") for name, party in self.parties.items()}
        for name, party in self.parties.items():
            if self.people[name]:
                self.fields[name] = self._choice(party, self.people[name])

    def _choice(self, party: Party, people: list[Person]) -> forms.Field:
        titles = {"party": party.label, "organisation": party.organisation}
        return forms.ChoiceField(
            label=_("Who signs for the %(party)s, %(organisation)s") % titles,
            choices=[(person.ref, person.name) for person in people],
            widget=forms.RadioSelect,
            initial=party.signatory.ref if party.signatory else people[0].ref if len(people) == 1 else None,
            error_messages={
                "invalid_choice": gettext_lazy("Choose one of the people listed here."),
                "required": gettext_lazy("Choose who signs."),
            },
        )

    def clean(self) -> dict[str, Any]:
        """Nobody signs for both sides."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [facts[name] for name in self.parties if facts.get(name)]
        if len(set(chosen)) < len(chosen):
            self.add_error(None, _("Nobody signs for both sides. Choose somebody else for one of them."))
        return facts

    def empty(self) -> list[Party]:
        """Parties whose organisation has nobody who may sign."""
        return [party for name, party in self.parties.items() if not self.people[name]]

    def chosen(self) -> list[tuple[Party, Person]]:
        """(party, person) where somebody else than now was chosen."""
        found = []
        for name, party in self.parties.items():
            person = next((person for person in self.people[name] if person.ref == self.cleaned_data.get(name)), None)
            if person is not None and person != party.signatory:
                found.append((party, person))
        return found
