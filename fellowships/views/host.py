"""The hosts of a cycle: the table with their agreements, a new one, and the draft of an agreement."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.access import page, visible
from core.forms import posted
from fellowships import actions, forms, rules
from fellowships.models import Cycle, Host, Placement
from mou.models import Agreement
from mou.states import AgreementState
from partnerships.models import Organisation


@dataclass(frozen=True)
class HostRow:
    """A host as the reader may see it: `agreement` only if it is theirs to read, `open` if the page of the organisation is."""

    host: Host
    open: bool
    agreement: Agreement | None
    word: str
    tone: str
    sign: str
    waits: str
    obstacle: str


def rows_of(cycle: Cycle, user: Any) -> list[HostRow]:
    """The hosts of the cycle that the reader sees, in a constant number of queries."""
    hosts = visible(Host, user).filter(cycle=cycle).with_words().with_people()
    found = list(hosts.order_by("organisation__name", "pk"))
    readable = set(visible(Agreement, user).filter(pk__in=[host.agreement_id for host in found]).values_list("pk", flat=True))
    register = visible(Organisation, user).filter(pk__in=[host.organisation_id for host in found])
    opens = set(register.values_list("pk", flat=True))
    return [_row(host, host.organisation_id in opens, host.agreement_id in readable) for host in found]


def _row(host: Host, opens: bool, readable: bool) -> HostRow:
    agreement, obstacle = host.agreement, rules.why_no_draft(host)
    if agreement is None:
        waits = "" if rules.why_no_drafts(host.cycle) else _("the programme drafts it")
        return HostRow(host, opens, None, _("None"), "gone", "", waits, obstacle)
    if not readable:
        force = agreement.state == AgreementState.IN_FORCE
        word, tone = (agreement.get_state_display(), agreement.tone) if force else (_("Not in force"), "gone")
        return HostRow(host, opens, None, word, tone, "", "", obstacle)
    word, waits = agreement.get_state_display(), waits_for(agreement)
    return HostRow(host, opens, agreement, word, agreement.tone, agreement.sign, waits, obstacle)


def waits_for(agreement: Agreement) -> str:
    """Who acts next on an agreement, or until when it holds."""
    if agreement.state == AgreementState.DRAFT:
        return _("the programme fills it in and sends it")
    if agreement.state == AgreementState.OUT:
        days = agreement.days_waiting()
        names = ", ".join(str(party.signatory or party.organisation) for party in agreement.missing_signatures())
        return _("waits for %(names)s, %(days)s days") % {"names": names, "days": days} if days else names
    if agreement.state == AgreementState.IN_FORCE and agreement.ends:
        return _("until %(day)s") % {"day": date_format(agreement.ends, "j M Y")}
    return _("the programme drafts a new one")


def named(rows: Iterable[Any], most: int = 3) -> str:
    """The first few, and how many more: for one sentence."""
    names = [str(row) for row in rows]
    more = len(names) - most
    return ", ".join(names[:most]) + (_(" and %(number)s more") % {"number": more} if more > 0 else "")


@page(rules.edit_cycle, Cycle, methods=("GET", "POST"))
def host_add(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    organisations = visible(Organisation, request.user)
    free = organisations.in_use().exclude(pk__in=cycle.host_set.values("organisation"))
    form = forms.HostAddForm(posted(request), organisations=organisations, free=free)
    if form.is_valid():
        host = actions.add_host(cycle=cycle, organisation=form.cleaned_data["organisation"], by=request.user)
        messages.success(request, _("%(host)s is a host of this cycle.") % {"host": host})
        return redirect("fellowships:cycle_detail", cycle.ref)
    context = {"form": form, "cycle": cycle, "some": free.exists()}
    return render(request, "fellowships/host_add.html", context, status=form.status)


@page(rules.prepare_host_agreement, Host, methods=("GET", "POST"))
def host_agreement(request: HttpRequest, host: Host) -> HttpResponse:
    refresh = rules.refresh_host_agreement(request.user, host)
    if request.method == "POST" and refresh:
        changed = actions.refresh_host_agreement(host=host, by=request.user)
        messages.success(request, _("The draft is brought up to the records.") if changed else _("Nothing was different."))
        return redirect("mou:agreement_detail", host.agreement.ref)
    if request.method == "POST":
        agreement = actions.draft_host_agreement(host=host, by=request.user)
        messages.success(request, _("%(number)s is drafted from the records.") % {"number": agreement.ref})
        return redirect("mou:agreement_detail", agreement.ref)
    placements = visible(Placement, request.user).filter(host=host).standing().with_words()
    context = {"host": host, "cycle": host.cycle, "placements": placements, "refresh": refresh}
    return render(request, "fellowships/host_agreement.html", context)
