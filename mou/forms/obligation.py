"""Which duties of the template an agreement has."""

from typing import Any

from django import forms

from core.forms import Form
from mou.models import Agreement


class AgreementDutiesForm(Form):
    """The ticked ones stay in; what is not ticked is left out."""

    keep = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys = [duty["id"] for _clause, duty in agreement.text.obligations()]
        self.fields["keep"].choices = [(key, key) for key in self.keys]  # type: ignore[attr-defined]

    def left_out(self) -> list[str]:
        """The keys of the duties that are not ticked."""
        return [key for key in self.keys if key not in self.cleaned_data["keep"]]
