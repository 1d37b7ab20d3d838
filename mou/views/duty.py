"""Pages about duties: the list, one duty, and what each side says about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import Verdict, listing, page
from core.audit import history
from core.forms import posted
from core.lists import Sorted, as_csv, in_order, paged
from core.sharing import standing
from mou import actions, rules
from mou.filters import DutyFilter
from mou.forms import DutyAnswerForm, DutyDateForm, DutyReportForm
from mou.models import Duty, Party
from mou.states import DutyState

COLUMNS = {
    "duty": "obligation__title",
    "agreement": "agreement__ref",
    "debtor": "obligation__debtor__organisation__name",
    "due": "due",
}
# What is done next from which state; the rule says whether this person may.
ACTS: dict[str, Callable[..., Verdict]] = {
    DutyState.WAITING: rules.date_duty,
    DutyState.OPEN: rules.report_duty,
    DutyState.SENT: rules.accept_duty,
}
SIDES = [f"obligation__{side}__{what}" for side in ("debtor", "creditor") for what in ("organisation", "agreement")]


@listing(rules.list_duties, Duty)
def duty_list(request: HttpRequest, duties: QuerySet[Duty]) -> HttpResponse:
    today = timezone.localdate()
    found = DutyFilter(request.GET, duties, request=request)
    rows, order = _in_order(request, found.qs.with_words())
    if request.GET.get("format") == "csv":
        return as_csv("duties", _heads(), (_cells(row) for row in rows))
    each = request.GET.get("each") == "on"
    context = {
        "filter": found,
        "page": paged(request, rows if each else rows.as_lines(today)),
        "order": order,
        "each": each,
        "found": found.qs.count(),
        "counts": duties.counts(today),
    }
    return render(request, "mou/duty_list.html", context)


def _in_order(request: HttpRequest, rows: Any) -> tuple[Any, Sorted]:
    """Most urgent first, unless the address asks for a column."""
    sorted_rows, order = in_order(request, rows, COLUMNS, "due")
    asked = request.GET.get("sort", "").removeprefix("-") in COLUMNS
    return (sorted_rows, order) if asked else (rows.by_urgency(), Sorted("", order.links))


def _heads() -> list[str]:
    heads = [_("Duty"), _("Agreement"), _("For"), _("Owed by"), _("Owed to"), _("Due"), _("State"), _("Waits for"), _("Severity")]
    return [*heads, _("Evidence asked for"), _("Reported")]


def _cells(duty: Duty) -> list[Any]:
    obligation = duty.obligation
    sides = [party.organisation.name for party in (obligation.debtor, obligation.creditor)]
    waits = duty.event_label if duty.waits_for and duty.due is None else ""
    where = [duty.standing()[0], waits, obligation.severity_label, obligation.evidence_label, duty.evidence]
    return [obligation.title, duty.agreement.ref, duty.unit_label, *sides, duty.due, *where]


@page(rules.view_duty, Duty)
def duty_detail(request: HttpRequest, duty: Duty) -> HttpResponse:
    prefetch_related_objects([duty], "agreement__programme", "obligation__version", *SIDES)
    act = ACTS.get(duty.state)
    context = {
        "duty": duty,
        "obligation": duty.obligation,
        "agreement": duty.agreement,
        "may": {act.__name__: act(request.user, duty)} if act else {},
        "why": duty.why() if duty.due and not duty.waits_for else "",
        "series": duty.alike().counts(timezone.localdate()),
        "timeline": history(duty, reader=request.user),
        "standing": standing(duty.agreement, request.user),
    }
    return render(request, "mou/duty_detail.html", context)


@page(rules.date_duty, Duty, methods=("GET", "POST"))
def duty_date(request: HttpRequest, duty: Duty) -> HttpResponse:
    form = DutyDateForm(posted(request))
    if form.is_valid():
        try:
            actions.date_duty(duty=duty, happened=form.cleaned_data["happened"], by=request.user)
        except ValidationError as error:
            form.add_error("happened", error)
        else:
            messages.success(request, _("Recorded. The duty has its date now."))
            return redirect("mou:duty_detail", duty.ref)
    return render(request, "mou/duty_date.html", _around(duty) | {"form": form}, status=form.status)


@page(rules.report_duty, Duty, methods=("GET", "POST"))
def duty_report(request: HttpRequest, duty: Duty) -> HttpResponse:
    form = DutyReportForm(posted(request), initial={"evidence": duty.evidence})
    if form.is_valid():
        actions.report_duty(duty=duty, evidence=form.cleaned_data["evidence"], by=request.user)
        said = _("Reported. %(party)s looks at it and accepts it, or sends it back.")
        messages.success(request, said % {"party": duty.obligation.creditor.organisation})
        return redirect("mou:duty_detail", duty.ref)
    context = _around(duty) | _for(duty.obligation.debtor, request.user) | {"form": form}
    return render(request, "mou/duty_report.html", context, status=form.status)


@page(rules.accept_duty, Duty, methods=("GET", "POST"))
def duty_answer(request: HttpRequest, duty: Duty) -> HttpResponse:
    form = DutyAnswerForm(posted(request))
    if form.is_valid() and form.cleaned_data["answer"] == "accept":
        actions.accept_duty(duty=duty, by=request.user)
        messages.success(request, _("Accepted. The duty is done."))
        return redirect("mou:duty_detail", duty.ref)
    if form.is_valid():
        actions.send_back_duty(duty=duty, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Sent back with your reason. The duty is open again."))
        return redirect("mou:duty_detail", duty.ref)
    context = _around(duty) | _for(duty.obligation.creditor, request.user) | {"form": form}
    return render(request, "mou/duty_answer.html", context, status=form.status)


def _around(duty: Duty) -> dict[str, Any]:
    return {"duty": duty, "obligation": duty.obligation, "agreement": duty.agreement}


def _for(party: Party, user: Any) -> dict[str, Any]:
    """For which side somebody acts, and as what: who acts for two organisations reads it beside the button."""
    here = standing(party.agreement, user)
    programme = party.role == "programme"
    held = [each.what for each in here if each.place == party.organisation.ref or (programme and each.scope == "programme")]
    return {"side": party.organisation, "held": dict.fromkeys(held)}
