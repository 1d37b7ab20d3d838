"""What agreements add to the page of an organisation."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import Row, panel
from mou.models import Agreement
from partnerships.models import Organisation

MOST = 20


@panel(_("Agreements"), Agreement)
def agreements_of(organisation: Organisation, agreements: QuerySet[Agreement]) -> Iterable[Row]:
    """Those to which it is a party and which this reader sees, the newest first."""
    for agreement in agreements.with_party(organisation).order_by("-pk")[:MOST]:
        url = reverse("mou:agreement_detail", args=[agreement.ref])
        yield Row(f"{agreement.ref} {agreement.title}", url, agreement.get_state_display(), agreement.tone)
