"""The questions about outputs: all that one sees, and the answer to one, which works on a phone."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import listing, page
from core.forms import posted
from core.lists import Sorted, as_csv, in_order, paged
from partnerships import actions, forms, rules
from partnerships.filters import FollowUpFilter
from partnerships.models import FollowUp

COLUMNS = {
    "output": "output__title",
    "hackathon": "output__hackathon__title",
    "agency": "output__agency__name",
    "due": "due",
    "state": "state",
    "outcome": "outcome",
}


@listing(rules.list_follow_ups, FollowUp)
def follow_up_list(request: HttpRequest, follow_ups: QuerySet[FollowUp]) -> HttpResponse:
    found = FollowUpFilter(request.GET, follow_ups)
    rows, order = _in_order(request, found.qs.with_words())
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    context = {
        "filters": found,
        "page": paged(request, rows),
        "order": order,
        "counts": follow_ups.counts(),
    }
    return render(request, "partnerships/follow_up_list.html", context)


def _in_order(request: HttpRequest, rows: Any) -> tuple[Any, Sorted]:
    """What waits for an answer first, unless the address asks for a column."""
    sorted_rows, order = in_order(request, rows, COLUMNS, "due")
    asked = request.GET.get("sort", "").removeprefix("-") in COLUMNS
    return (sorted_rows, order) if asked else (rows.by_urgency(), Sorted("", order.links))


def _as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Hackathon"), _("Number"), _("Output"), _("Agency"), _("Owner"), _("After days"), _("Due"), _("State"),
        _("Asked on"), _("Letters"), _("Outcome"), _("Evidence"), _("Reason"), _("Answered on"), _("Answered by"),
        _("For the owner"),
    ]  # fmt: skip
    lines = (
        (f.ref, f.output.hackathon, f.output.number, f.output, f.output.agency, f.output.owner, f.days, f.due,
         f.get_state_display(), f.asked_on, f.letters, f.outcome_label, f.evidence, f.reason, f.answered_on, f.answered_by,
         _("yes") if f.on_behalf else _("no"))
        for f in rows
    )  # fmt: skip
    return as_csv("follow-ups", heads, lines)


@page(rules.answer_follow_up, FollowUp, methods=("GET", "POST"))
def follow_up_answer(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    form = forms.FollowUpAnswerForm(posted(request))
    if form.is_valid():
        done = form.tried(_answered, follow_up=follow_up, by=request.user, **form.cleaned_data)
        if done:
            messages.success(request, _("Recorded: %(word)s.") % {"word": follow_up.outcome_label})
            return redirect("partnerships:output_detail", follow_up.output.ref)
    context = {
        "form": form,
        "follow_up": follow_up,
        "output": follow_up.output,
        "hackathon": follow_up.output.hackathon,
        "own": rules.answers_for_the_agency(request.user, follow_up),
    }
    return render(request, "partnerships/follow_up_answer.html", context, status=form.status)


def _answered(**facts: Any) -> bool:
    actions.answer_follow_up(**facts)
    return True


@page(rules.correct_follow_up, FollowUp, methods=("GET", "POST"))
def follow_up_correct(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    form = forms.FollowUpCorrectForm(posted(request), follow_up)
    if form.is_valid():
        done = form.tried(_corrected, follow_up=follow_up, by=request.user, **form.cleaned_data)
        if done:
            messages.success(
                request, _("Corrected: %(word)s. The answer before stays on record.") % {"word": follow_up.outcome_label}
            )
            return redirect("partnerships:output_detail", follow_up.output.ref)
    context = {
        "form": form,
        "follow_up": follow_up,
        "output": follow_up.output,
        "hackathon": follow_up.output.hackathon,
        "own": rules.answers_for_the_agency(request.user, follow_up),
    }
    return render(request, "partnerships/follow_up_correct.html", context, status=form.status)


def _corrected(**facts: Any) -> bool:
    actions.correct_follow_up(**facts)
    return True
