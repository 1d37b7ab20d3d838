"""Pages about an agreement: the list, the record, what a draft says, the acts beside signing, and the public register."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.access import Verdict, listing, page, public_listing, public_page
from core.audit import Line, history
from core.forms import posted
from core.lists import as_csv, as_open_data, in_order, paged
from core.panels import panels_of, shown_on
from core.sharing import standing
from mou import actions, documents, rules
from mou.filters import LONG, AgreementFilter, PublicAgreementFilter
from mou.forms import AgreementRecallForm, AgreementTermsForm, AgreementWithdrawForm
from mou.models import Agreement, AgreementVersion, Party, Signature
from mou.states import AgreementState

S = AgreementState
COLUMNS = {"number": "ref", "title": "title", "state": "state", "ends": "ends", "sent": "sent_at", "waits": "waits_since"}
PUBLIC_ORDER = {"since": "effective_on", "title": "title", "ends": "ends", "programme": "programme__name"}
PUBLIC_COLUMNS = (
    "number", "title", "programme", "state", "parties", "in_force_since", "first_day", "last_day", "duty_dates",
    "duty_dates_late", "address",
)  # fmt: skip
# What can be done from which state; a rule still says whether this person may.
ACTS: dict[str, tuple[Callable[..., Verdict], ...]] = {
    S.DRAFT: (rules.edit_agreement, rules.prepare_agreement, rules.withdraw_agreement),
    S.OUT: (rules.sign_agreement, rules.remind_signatory, rules.recall_agreement, rules.withdraw_agreement),
    S.DECLINED: (rules.reopen_agreement, rules.withdraw_agreement),
    S.IN_FORCE: (rules.publish_agreement,),
    S.EXPIRED: (rules.publish_agreement,),
}
SHOWN = 8  # lines of duties on the record; the list has them all


@listing(rules.list_agreements, Agreement)
def agreement_list(request: HttpRequest, agreements: QuerySet[Agreement]) -> HttpResponse:
    found = AgreementFilter(request.GET, agreements, request=request)
    rows, order = in_order(request, found.qs.with_signatures(), COLUMNS, "waits")
    if request.GET.get("format") == "csv":
        return as_csv("agreements", [_("Number"), *_heads()], ([row.ref, *_cells(row)] for row in rows))
    context = {
        "filter": found,
        "page": paged(request, rows),
        "order": order,
        "tabs": _tabs(request, agreements),
        "total": agreements.count(),
        "long": LONG,
    }
    return render(request, "mou/agreement_list.html", context)


def _tabs(request: HttpRequest, agreements: Any) -> list[tuple[str, str, int, bool]]:
    """(label, address, how many, whether one is there) of the views that people ask for most."""
    counts, asked = agreements.by_state(), {name: value for name, value in request.GET.items() if name not in ("page", "sort")}
    home = reverse("mou:agreement_list")
    rows = [(_("All"), {}, sum(counts.values()))]
    rows += [(state.label, {"state": state.value}, counts[state.value]) for state in S if state.value in counts]
    if slow := agreements.out_longer(LONG).count():
        rows.append((_("Waiting over %(days)s days") % {"days": LONG}, {"waits": "long"}, slow))
    return [(label, f"{home}?{urlencode(query)}" if query else home, number, query == asked) for label, query, number in rows]


def _heads() -> list[str]:
    return [_("Title"), _("State"), _("Parties"), _("Waits for"), _("Days waiting"), _("Sent"), _("First day"), _("Last day")]


def _cells(agreement: Agreement) -> list[Any]:
    parties = "; ".join(party.organisation.name for party in agreement.parties())
    missing = agreement.missing_signatures() if agreement.state == S.OUT else []
    names = "; ".join(str(party.signatory or party.organisation) for party in missing)
    sent = agreement.sent_at and timezone.localdate(agreement.sent_at)
    days = agreement.days_waiting() if agreement.since() else ""
    return [agreement.title, agreement.get_state_display(), parties, names, days, sent, agreement.starts, agreement.ends]


@page(rules.view_agreement, Agreement)
def agreement_detail(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    prefetch_related_objects([agreement], "party_set__organisation", "party_set__signatory")
    today, user, version = timezone.localdate(), request.user, agreement.version()
    signatures = version.signatures() if version else []
    may = {rule.__name__: rule(user, agreement) for rule in ACTS.get(agreement.state, ())}
    told = history(agreement, reader=request.user)
    own = next((row for row in signatures if row.person_id == getattr(user, "person_id", 0)), None)
    context = {
        "agreement": agreement,
        "version": version,
        "signatures": signatures,
        "sides": _sides(agreement, signatures),
        "missing": agreement.missing_signatures() if agreement.state == S.OUT else [],
        "may": may,
        "obstacles": rules.obstacles_to_sending(agreement) if may.get("edit_agreement") else [],
        "timeline": told,
        "last": _last(told),
        "receipt": own if "receipt" in request.GET else None,
        "own": own,
        "inside": rules.read_draft(user, agreement),
        "duties": agreement.duty_set.as_lines(today).with_words().by_urgency()[:SHOWN],
        "counts": agreement.duty_set.counts(today),
        "in_text": len(list(agreement.text.obligations())) - len(agreement.left_out),
        "files": _files(version, agreement),
        "panels": panels_of(agreement, user),
        "standing": standing(agreement, user),
    }
    return render(request, "mou/agreement_detail.html", context)


def _sides(agreement: Agreement, signatures: list[Signature]) -> list[tuple[Party, Signature | None]]:
    """Each party with its signature under the last version."""
    signed = {signature.party_id: signature for signature in signatures}
    return [(party, signed.get(party.pk)) for party in agreement.parties()]


def _last(told: list[Line]) -> dict[str, Line]:
    """The newest line of each kind: "reminded", "declined", "recalled", "withdrawn"."""
    return {line.verb.partition(".")[2]: line for line in reversed(told)}


def _files(version: AgreementVersion | None, agreement: Agreement) -> list[dict[str, Any]]:
    """The PDFs of the last version that are there or on their way: {kind, label, made}."""
    if version is None:
        return []
    kinds = {"copy": _("Text of version %(number)s, PDF"), "executed": _("With the record of the signatures, PDF")}
    if agreement.state not in (S.IN_FORCE, S.EXPIRED):
        kinds.pop("executed")
    made = {row.kind: row for row in version.rendition_set.all()}
    return [{"kind": kind, "label": label % {"number": version.number}, "made": made.get(kind)} for kind, label in kinds.items()]


@page(rules.edit_agreement, Agreement, methods=("GET", "POST"))
def agreement_terms(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementTermsForm(posted(request), agreement=agreement)
    if request.method == "POST" and form.is_valid():
        actions.set_terms(agreement=agreement, terms=form.terms(), by=request.user, **form.facts())
        left = len([blank for blank in agreement.blanks() if blank.id in form.fields])
        said = _("Saved. %(count)s blanks are left.") % {"count": left} if left else _("Saved. No blank is left here.")
        messages.success(request, said)
        return redirect("mou:agreement_terms" if left else "mou:agreement_detail", agreement.ref)
    context = {"agreement": agreement, "form": form, "values": _records(agreement)}
    return render(request, "mou/agreement_terms.html", context, status=form.status)


def _records(agreement: Agreement) -> list[tuple[Party, list[tuple[str, Any]]]]:
    """What the text takes from the records of the parties: [(party, [(label, value or None)])]."""
    values, blanks = agreement.values(), agreement.text.placeholders
    found = []
    for party in agreement.parties():
        own = [blank for blank in blanks if blank.source == f"party:{party.role}"]
        found.append((party, [(blank.label, values.get(blank.id)) for blank in own]))
    return found


@page(rules.prepare_agreement, Agreement, methods=("GET", "POST"))
def agreement_send(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    obstacles = rules.obstacles_to_sending(agreement)
    if request.method == "POST" and not obstacles:
        version = actions.send_agreement(agreement=agreement, by=request.user)
        names = get_text_list([str(party.signatory) for party in agreement.parties()], _("and"))
        said = _("Version %(number)s is frozen and out for signature. %(names)s got a mail.")
        messages.success(request, said % {"number": version.number, "names": names})
        return redirect("mou:agreement_detail", agreement.ref)
    today = timezone.localdate(timezone=ZoneInfo(agreement.programme.time_zone))
    document = documents.draft(agreement)
    context = {
        "agreement": agreement,
        "obstacles": obstacles,
        "unsaid": documents.unsaid(document),
        "missed": [] if obstacles else documents.missed(document, today),
        "number": agreement.agreementversion_set.count() + 1,
        "clauses": len(agreement.text.clauses),
        "duties": len(list(agreement.text.obligations())) - len(agreement.left_out),
    }
    return render(request, "mou/agreement_send.html", context, status=422 if request.method == "POST" else 200)


@page(rules.recall_agreement, Agreement, methods=("GET", "POST"))
def agreement_recall(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementRecallForm(posted(request))
    if form.is_valid():
        actions.recall_agreement(agreement=agreement, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Taken back. It is a draft again, and the signatories were told."))
        return redirect("mou:agreement_detail", agreement.ref)
    context = {"agreement": agreement, "form": form, "version": agreement.version()}
    return render(request, "mou/agreement_recall.html", context, status=form.status)


@page(rules.withdraw_agreement, Agreement, methods=("GET", "POST"), fresh=True)
def agreement_withdraw(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementWithdrawForm(posted(request), agreement=agreement)
    if form.is_valid():
        actions.withdraw_agreement(agreement=agreement, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("%(number)s is withdrawn. Its number is not used again.") % {"number": agreement.ref})
        return redirect("mou:agreement_detail", agreement.ref)
    return render(request, "mou/agreement_withdraw.html", {"agreement": agreement, "form": form}, status=form.status)


@page(rules.reopen_agreement, Agreement, methods=("POST",))
def agreement_reopen(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    actions.reopen_agreement(agreement=agreement, by=request.user)
    messages.success(request, _("It is a draft again. Change what stood in the way and send it anew."))
    return redirect("mou:agreement_detail", agreement.ref)


@page(rules.remind_signatory, Agreement, methods=("POST",))
def agreement_remind(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    reminded = actions.remind_signatory(agreement=agreement, by=request.user)
    names = get_text_list([str(person) for person in reminded], _("and"))
    messages.success(request, _("A reminder goes to %(names)s by mail.") % {"names": names})
    return redirect("mou:agreement_detail", agreement.ref)


@page(rules.publish_agreement, Agreement, methods=("POST",))
def agreement_publish(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    if request.POST.get("publish") == "yes":
        actions.publish_agreement(agreement=agreement, by=request.user)
        messages.success(request, _("Published. Everybody can see the parties, the days and what is due."))
    else:
        actions.unpublish_agreement(agreement=agreement, by=request.user)
        messages.success(request, _("Taken off the public pages."))
    return redirect("mou:agreement_detail", agreement.ref)


@public_listing(Agreement)
def public_agreement_list(request: HttpRequest, agreements: QuerySet[Agreement]) -> HttpResponse:
    found = PublicAgreementFilter(request.GET, agreements)
    rows, order = in_order(request, found.qs.with_duty_counts(timezone.localdate()).with_parties(), PUBLIC_ORDER, "-since")
    if (answer := as_open_data(request, "agreements", PUBLIC_COLUMNS, lambda: map(_record, rows))) is not None:
        return answer
    context = {
        "filter": found,
        "page": paged(request, rows),
        "order": order,
        "total": agreements.count(),
    }
    return render(request, "mou/public_agreement_list.html", context)


def _names(agreement: Agreement) -> list[dict[str, str]]:
    return [{"role": party.label, "name": party.organisation.label} for party in agreement.parties()]


def _record(row: Any) -> dict[str, Any]:
    """One agreement as open data, the same in CSV and JSON."""
    return {
        "number": row.ref,
        "title": row.title,
        "programme": row.programme.name,
        "state": row.get_state_display(),
        "parties": _names(row),
        "in_force_since": row.effective_on,
        "first_day": row.starts,
        "last_day": row.ends,
        "duty_dates": row.duties,
        "duty_dates_late": row.late,
        "address": urljoin(settings.BASE_URL, reverse("public_agreement", args=[row.ref])),
    }


@public_page(Agreement)
def public_agreement(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "agreement": agreement,
        "parties": _names(agreement),
        "obligations": agreement.obligation_set.with_counts(today),
        "counts": agreement.duty_set.counts(today),
        "panels": shown_on(agreement),
    }
    return render(request, "mou/public_agreement.html", context)
