"""What cycles and placements add to the pages of organisations, programmes and agreements."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from core.access import published
from core.panels import Count, Row, Showing, panel
from fellowships.models import Cycle, Host, Placement
from mou.models import Agreement
from mou.states import AgreementState
from partnerships.models import Organisation, Programme


@panel(_("Cycles it hosts in"), Host)
def hosting_of(organisation: Organisation, hosts: Any) -> Iterator[Row]:
    """The cycles in which it is a host, the latest first, and how many people work there."""
    rows = hosts.filter(organisation=organisation).select_related("cycle__programme").with_people()
    for host in rows.order_by("-cycle__year", "-cycle__starts", "pk"):
        fact = ngettext("%(n)s person", "%(n)s people", host.people) % {"n": host.people}
        url = reverse("fellowships:cycle_detail", args=[host.cycle.ref])
        yield Row(f"{host.cycle}, {host.cycle.programme}", url, fact)


@panel(_("Cycles"), Cycle)
def cycles_of(programme: Programme, cycles: Any) -> Iterator[Row]:
    """On the page of a programme: its cycles, the latest first, and how each stands."""
    for cycle in cycles.filter(programme=programme).order_by("-year", "-starts", "name", "pk"):
        yield Row(cycle.name, reverse("fellowships:cycle_detail", args=[cycle.ref]), cycle.standing)


@panel(_("The next cycle"), Programme, "fellowships.edit_cycle")
def next_cycle(programme: Programme, run: Any) -> Iterator[Row]:
    """To those who run it."""
    if run.filter(pk=programme.pk).exists():
        yield Row(gettext("Open a cycle"), reverse("fellowships:cycle_open"), gettext("Name and days; then hosts and fellows."))


@panel(_("From the records"), Host, "fellowships.edit_cycle")
def records_of(agreement: Agreement, hosts: Any) -> Iterator[Row]:
    """To those who write a draft: what was drafted from the records can be taken from them anew."""
    for host in hosts.filter(agreement=agreement) if agreement.state == AgreementState.DRAFT else ():
        said = gettext("Days, places, projects and people. What you typed stays.")
        yield Row(gettext("Bring it up to the records"), reverse("fellowships:host_agreement", args=[host.ref]), said, act=True)


@panel(_("Where"), Cycle)
def invited_to(invitation: Invitation, cycles: Any) -> Iterator[Row]:
    """On the page of an invitation: the cycle that it is for."""
    model, _colon, ref = invitation.place.partition(":")
    for cycle in cycles.filter(ref=ref) if model == "fellowships.cycle" else ():
        yield Row(f"{cycle}, {cycle.programme}", reverse("fellowships:cycle_detail", args=[cycle.ref]))


@panel(_("Placements"), Placement)
def placements_under(agreement: Agreement, placements: Any) -> Iterator[Row]:
    """Those that started under it, and those at the host that it is for."""
    rows = placements.filter(Q(agreement=agreement) | Q(agreement=None, host__agreement=agreement))
    for placement in rows.with_words().with_cover().order_by("fellow__person__name", "pk"):
        word, tone = placement.outlook()
        url = reverse("fellowships:placement_detail", args=[placement.ref])
        yield Row(str(placement), url, word, tone)


@panel(_("Your placements"), Placement)
def own_placements(user: User, placements: Any) -> Iterator[Row]:
    """On the desk of a fellow: where they work, and how it stands."""
    rows = placements.filter(fellow__person=user.person_id) if user.person_id else placements.none()
    for placement in rows.with_words().with_cover().order_by("-pk"):
        word, tone = placement.outlook()
        url = reverse("fellowships:placement_detail", args=[placement.ref])
        yield Row(f"{placement.host.organisation}, {placement.host.cycle}", url, word, tone)


def _in_public() -> Any:
    return published(Host).select_related("cycle__programme").order_by("-cycle__year", "-cycle__starts", "pk")


def _hosted(host: Host) -> Row:
    year = str(host.cycle.starts.year if host.cycle.starts else host.cycle.year or "")
    return Row(f"{host.cycle}, {host.cycle.programme}", reverse("public_cycle", args=[host.cycle.ref]), year)


def _people(number: int) -> str:
    return ngettext("%(n)s placement", "%(n)s placements", number) % {"n": number}


# Of each in a list of organisations: the placements there that are planned or active.
working_at = Count(_people, Placement, lambda placements: placements.running(), "host__organisation")


# The published cycles in which it is a host.
hosting = Showing("cycles_hosted", _("Cycles it hosts in"), _in_public, "organisation", _hosted)
