"""What agreements add to the pages of an organisation, at the desk and in public."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.access import published
from core.panels import Count, Row, Showing, panel
from mou.models import Agreement
from mou.states import AgreementState
from partnerships.models import Organisation

MOST = 20


@panel(_("Agreements"), Agreement)
def agreements_of(organisation: Organisation, agreements: QuerySet[Agreement]) -> Iterable[Row]:
    """Those to which it is a party and which this reader sees, the newest first."""
    for agreement in agreements.with_party(organisation).order_by("-pk")[:MOST]:
        url = reverse("mou:agreement_detail", args=[agreement.ref])
        yield Row(f"{agreement.ref} {agreement.title}", url, agreement.get_state_display(), agreement.tone)


def _agreements(number: int) -> str:
    return ngettext("%(n)s agreement in force", "%(n)s agreements in force", number) % {"n": number}


# Of each in a list of organisations: the agreements in force to which it is a party.
bound_by = Count(_agreements, Agreement, lambda rows: rows.filter(state=AgreementState.IN_FORCE), "party__organisation")


def _in_public() -> QuerySet[Agreement]:
    return published(Agreement).with_kept(timezone.localdate()).order_by("-effective_on", "-pk")


def _signed(agreement: Agreement) -> Row:
    url = reverse("public_agreement", args=[agreement.ref])
    said = ngettext(
        "%(due)s date of its duties is past: %(kept)s accepted, %(late)s late",
        "%(due)s dates of its duties are past: %(kept)s accepted, %(late)s late",
        agreement.fallen,
    ) % {"due": agreement.fallen, "kept": agreement.kept, "late": agreement.late}
    note = said if agreement.fallen else gettext("No duty is due yet")
    return Row(f"{agreement.ref} {agreement.title}", url, agreement.get_state_display(), agreement.tone, note=note)


# Those that are executed and that its parties let be shown, to which it is a party.
signed_by = Showing("agreements", _("Agreements"), _in_public, "party__organisation", _signed)
