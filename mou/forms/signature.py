"""What a signatory says: yes to exact words, or no with a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form
from mou.documents import CONSENT
from mou.forms.agreement import Prose
from mou.models import Party


class AgreementSignForm(Form):
    """The fingerprint of what was shown, and the consent in exactly the words that are stored with the signature."""

    shown = forms.RegexField(r"[0-9a-f]{64}", widget=forms.HiddenInput)
    consent = forms.BooleanField()

    def __init__(self, *args: Any, party: Party, shown: str, **options: Any) -> None:
        super().__init__(*args, initial={"shown": shown}, **options)
        unsaid = gettext_lazy("Tick the box to sign. Without your consent nothing is signed.")
        self.fields["consent"].error_messages["required"] = unsaid
        self.fields["consent"].label = CONSENT % {"party": party.organisation.name}


class AgreementDeclineForm(Form):
    """Why the signatory does not sign: the coordinators read it."""

    reason = Prose(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Say what would have to change. The coordinators get it by mail, and it stays in the timeline."),
        max_length=1000,
    )
