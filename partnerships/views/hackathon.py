"""The pages of hackathons: the list, one with its outputs and what comes next, and what the public sees of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import listing, page, public_listing, public_page, published, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, as_open_data, in_order, paged
from core.panels import panels_of
from core.sharing import standing
from partnerships import actions, forms, rules
from partnerships.filters import HackathonFilter, OutputFilter, PublicOutputFilter
from partnerships.models import FollowUp, Hackathon, Organisation, Output, Programme, outcome_label
from partnerships.states import LOOKS, Outcome

COLUMNS = {"title": "title", "organiser": "organiser__name", "starts": "starts", "state": "state"}
OUTPUT_COLUMNS = {"number": "number", "title": "title", "agency": "agency__name", "outcome": "outcome", "next": "next_due"}


@listing(rules.list_hackathons, Hackathon)
def hackathon_list(request: HttpRequest, hackathons: QuerySet[Hackathon]) -> HttpResponse:
    found = HackathonFilter(request.GET, hackathons)
    rows, order = in_order(request, found.qs.select_related("programme", "organiser"), COLUMNS, "-starts")
    if request.GET.get("format") == "csv":
        return _as_csv(_counted(rows, request.user))
    shown = paged(request, rows)
    context = {
        "filters": found,
        "page": shown,
        "rows": _counted(shown.object_list, request.user),
        "order": order,
        "total": hackathons.count(),
        "may_open": rules.open_hackathon(request.user),
    }
    return render(request, "partnerships/hackathon_list.html", context)


def _counted(hackathons: Any, user: Any) -> list[dict[str, Any]]:
    """Two queries for any number of hackathons, over what the reader sees."""
    among = list(hackathons)
    outputs = visible(Output, user).filter(hackathon__in=among)
    numbers, unknown = outputs.numbers_by_hackathon(), outputs.with_present().filter(outcome=Outcome.UNKNOWN)
    silent = unknown.numbers_by_hackathon()
    return [{"hackathon": row, "outputs": numbers.get(row.pk, 0), "unknown": silent.get(row.pk, 0)} for row in among]


def _as_csv(rows: list[dict[str, Any]]) -> HttpResponse:
    heads = [
        _("Reference"), _("Hackathon"), _("Programme"), _("Held by"), _("First day"), _("Last day"), _("Place"), _("State"),
        _("Public"), _("Outputs"), _("Unknown"),
    ]  # fmt: skip
    lines = (
        (h.ref, h.title, h.programme, h.organiser, h.starts, h.ends, h.venue, h.get_state_display(),
         _("yes") if h.published_at and not h.kept_back else _("no"), row["outputs"], row["unknown"])
        for row in rows for h in [row["hackathon"]]
    )  # fmt: skip
    return as_csv("hackathons", heads, lines)


@page(rules.open_hackathon, methods=("GET", "POST"))
def hackathon_open(request: HttpRequest) -> HttpResponse:
    programmes = visible(Programme, request.user, "partnerships.edit_hackathon")
    organisations = visible(Organisation, request.user).in_use()
    form = forms.HackathonOpenForm(posted(request), programmes=programmes, organisations=organisations)
    if form.is_valid():
        hackathon = form.tried(actions.open_hackathon, by=request.user, **form.cleaned_data)
        if hackathon:
            messages.success(request, _("%(title)s is open. Nothing of it is public yet.") % {"title": hackathon})
            return redirect("partnerships:hackathon_detail", hackathon.ref)
    return render(request, "partnerships/hackathon_open.html", {"form": form}, status=form.status)


@page(rules.view_hackathon, Hackathon)
def hackathon_detail(request: HttpRequest, hackathon: Hackathon) -> HttpResponse:
    outputs = visible(Output, request.user).filter(hackathon=hackathon)
    found = OutputFilter(request.GET, outputs.with_present().with_owner())
    rows, order = in_order(request, found.qs, OUTPUT_COLUMNS, "number")
    if request.GET.get("format") == "csv":
        return _outputs_as_csv(rows)
    questions = visible(FollowUp, request.user).filter(output__hackathon=hackathon)
    may_edit = rules.edit_hackathon(request.user, hackathon)
    context = {
        "hackathon": hackathon,
        "filters": found,
        "rows": rows,
        "order": order,
        "counts": _tallied(outputs.with_present().numbers_by_outcome()),
        "total": outputs.count(),
        "checks": questions.by_days(),
        "may_edit": may_edit,
        "may_add": rules.add_output(request.user, hackathon),
        "may_close": rules.prepare_closing(request.user, hackathon),
        "next": next(_next(hackathon, outputs, questions), None) if may_edit else None,
        "panels": panels_of(hackathon, request.user),
        "lines": history(hackathon, limit=25, reader=request.user),
        "standing": standing(hackathon, request.user),
        "may_see_readers": rules.view_hackathon_readers(request.user, hackathon),
    }
    return render(request, "partnerships/hackathon_detail.html", context)


def _tallied(numbers: dict[str, int]) -> list[dict[str, Any]]:
    """Each outcome with its word and how many there are; unknown always, the others where there is one."""
    return [
        {"outcome": outcome or "none", "word": outcome_label(outcome), "number": number, "tone": LOOKS[outcome][0]}
        for outcome, number in numbers.items()
        if number or outcome == Outcome.UNKNOWN
    ]


def _outputs_as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Number"), _("Output"), _("Kind"), _("Prize"), _("People in the team"), _("Live with the problem"),
        _("Agency"), _("Owner"), _("Next step"), _("State now"), _("After days"), _("Next question"),
    ]  # fmt: skip
    lines = (
        (o.ref, o.number, o.title, o.get_kind_display(), _("yes") if o.prize else _("no"), o.team_size, o.users, o.agency,
         o.owner, o.next_step, o.outcome_label, o.outcome_days, o.next_due)
        for o in rows
    )  # fmt: skip
    return as_csv("outputs", heads, lines)


@dataclass(frozen=True)
class Next:
    """Who acts next: the one loud thing on the page."""

    title: str
    why: str
    label: str = ""
    url: str = ""
    tone: str = ""


def _next(hackathon: Hackathon, outputs: Any, questions: Any) -> Iterator[Next]:
    """What a coordinator does next, the most pressing first."""
    detail = reverse("partnerships:hackathon_detail", args=[hackathon.ref])
    if not hackathon.closed:
        yield from _before_closing(hackathon, outputs)
        return
    lost = outputs.needing_owner().count()
    if lost:
        title = ngettext("%(n)s output needs an owner", "%(n)s outputs need an owner", lost) % {"n": lost}
        why = _("Who was named has left the agency or cannot sign in. The agency’s lead is asked, or you are.")
        yield Next(title, why, _("Show them"), f"{detail}?owner=needed", "wait")
    asked = questions.counts()["asked"]
    if asked:
        title = ngettext("%(n)s question waits for an answer", "%(n)s questions wait for an answer", asked) % {"n": asked}
        url = reverse("partnerships:follow_up_list") + f"?hackathon={hackathon.ref}&state=asked"
        yield Next(title, _("The owners were asked. Two reminders follow, then it counts as unknown."), _("Show them"), url)
    if not (hackathon.published_at or hackathon.kept_back):
        url, why = reverse("partnerships:hackathon_publish", args=[hackathon.ref]), _("The public then sees each output.")
        yield Next(_("Ready to publish"), why, _("Look at it and publish"), url)
    coming = questions.upcoming()
    if coming:
        day = {"day": date_format(coming, "j F Y")}
        yield Next(_("Nobody acts before %(day)s") % day, _("The owners are then asked what became of their output."))


def _before_closing(hackathon: Hackathon, outputs: Any) -> Iterator[Next]:
    missing = outputs.incomplete().count()
    if not outputs.exists():
        url, why = reverse("partnerships:output_add", args=[hackathon.ref]), _("One entry for each team, whatever it made.")
        yield Next(_("Add the outputs"), why, _("Add an output"), url)
    elif missing:
        title = ngettext("%(n)s output lacks an owner", "%(n)s outputs lack an owner", missing) % {"n": missing}
        first = outputs.incomplete().order_by("number").first()
        url, why = reverse("partnerships:owner_name", args=[first.ref]), _("Each needs somebody at an agency who answers for it.")
        yield Next(title, why, _("Name the owner of “%(title)s”") % {"title": first.title}, url, "wait")
    elif timezone.localdate() < hackathon.ends:
        day = {"day": date_format(hackathon.ends, "j F Y")}
        yield Next(_("Every output has an owner"), _("It can be closed on its last day, %(day)s.") % day)
    else:
        url, why = reverse("partnerships:hackathon_close", args=[hackathon.ref]), _("Its questions are then planned.")
        yield Next(_("Ready to close"), why, _("Look at the days and close"), url)


@page(rules.edit_hackathon, Hackathon, methods=("GET", "POST"))
def hackathon_edit(request: HttpRequest, hackathon: Hackathon) -> HttpResponse:
    organisations = visible(Organisation, request.user).in_use(hackathon.organiser)
    form = forms.HackathonEditForm.of(posted(request), hackathon, organisations)
    if form.is_valid():
        changed = form.tried(actions.edit_hackathon, hackathon=hackathon, facts=form.cleaned_data, by=request.user)
        if changed is not None:
            messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
            return redirect("partnerships:hackathon_detail", hackathon.ref)
    return render(request, "partnerships/hackathon_edit.html", {"form": form, "hackathon": hackathon}, status=form.status)


@page(rules.prepare_closing, Hackathon, methods=("GET", "POST"))
def hackathon_close(request: HttpRequest, hackathon: Hackathon) -> HttpResponse:
    obstacles = rules.obstacles_to_closing(hackathon)
    if request.method == "POST" and not obstacles:
        planned = actions.close_hackathon(hackathon=hackathon, by=request.user)
        said = ngettext("Closed. %(n)s question is planned.", "Closed. %(n)s questions are planned.", planned)
        messages.success(request, said % {"n": planned})
        return redirect("partnerships:hackathon_detail", hackathon.ref)
    outputs = visible(Output, request.user).filter(hackathon=hackathon).select_related("agency", "owner")
    context = {
        "hackathon": hackathon,
        "obstacles": obstacles,
        "outputs": outputs,
        "questions": hackathon.questions(),
        "today": timezone.localdate(),
    }
    return render(request, "partnerships/hackathon_close.html", context, status=422 if request.method == "POST" else 200)


@page(rules.publish_hackathon, Hackathon, methods=("GET", "POST"))
def hackathon_publish(request: HttpRequest, hackathon: Hackathon) -> HttpResponse:
    choice = request.POST.get("publish")
    if choice == "yes":
        actions.publish_hackathon(hackathon=hackathon, by=request.user)
        messages.success(request, _("%(title)s is public from now on.") % {"title": hackathon})
        return redirect("partnerships:hackathon_detail", hackathon.ref)
    if choice == "no":
        actions.unpublish_hackathon(hackathon=hackathon, by=request.user)
        messages.success(request, _("%(title)s is gone from the public pages.") % {"title": hackathon})
        return redirect("partnerships:hackathon_detail", hackathon.ref)
    outputs = visible(Output, request.user).filter(hackathon=hackathon).for_public()
    outputs = outputs.with_present().with_names().order_by("number")
    context = {"hackathon": hackathon, "rows": list(outputs), "counts": _tallied(outputs.numbers_by_outcome())}
    return render(request, "partnerships/hackathon_publish.html", context, status=422 if request.method == "POST" else 200)


# What the public sees.


@public_listing(Hackathon)
def public_hackathon_list(request: HttpRequest, hackathons: QuerySet[Hackathon]) -> HttpResponse:
    shown = paged(request, hackathons.select_related("organiser").order_by("-starts", "title", "pk"))
    among = list(shown)
    outputs = published(Output).filter(hackathon__in=among)
    numbers, known = outputs.numbers_by_hackathon(), outputs.with_present()
    unknown = known.filter(outcome=Outcome.UNKNOWN).numbers_by_hackathon()
    rows = [{"hackathon": row, "outputs": numbers.get(row.pk, 0), "unknown": unknown.get(row.pk, 0)} for row in among]
    return render(request, "partnerships/public_hackathon_list.html", {"page": shown, "rows": rows})


@public_page(Hackathon)
def public_hackathon(request: HttpRequest, hackathon: Hackathon) -> HttpResponse:
    outputs = published(Output).filter(hackathon=hackathon).with_present().with_names()
    found = PublicOutputFilter(request.GET, outputs.prefetch_related("followup_set"))
    rows = list(found.qs.order_by("number"))
    about = {"hackathon": _event(hackathon), "states": _states(rows)}
    if (answer := as_open_data(request, "outputs", FACTS, lambda: map(_record, rows), **about)) is not None:
        return answer
    counts = outputs.numbers_by_outcome()
    context = {
        "hackathon": hackathon,
        "rows": rows,
        "filters": found,
        "counts": _tallied(counts),
        "bars": [(each["word"], each["number"], each["tone"]) for each in _tallied(counts)],
        "total": sum(counts.values()),
        "prizes": outputs.filter(prize=True).count(),
        "checks": published(FollowUp).filter(output__hackathon=hackathon).by_days(),
    }
    return render(request, "partnerships/public_hackathon.html", context)


FACTS = (
    "number", "output", "kind", "prize", "agency", "owner", "state", "after_days", "asked_on", "answered_on", "evidence",
    "reason", "next_question_on",
)  # fmt: skip


def _event(hackathon: Hackathon) -> dict[str, Any]:
    return {
        "title": hackathon.title,
        "held_by": hackathon.organiser.label,
        "first_day": hackathon.starts,
        "last_day": hackathon.ends,
        "place": hackathon.venue,
        "people_on_the_spot": hackathon.in_person,
        "people_online": hackathon.online,
        "people_who_live_with_the_problem": hackathon.users,
        "address": urljoin(settings.BASE_URL, reverse("public_hackathon", args=[hackathon.ref])),
    }


def _states(rows: list[Any]) -> dict[str, int]:
    """How many outputs are in which state, unknown among them, of the rows that were asked for."""
    return dict(Counter(row.outcome_label for row in rows))


def _record(row: Any) -> dict[str, Any]:
    """One output as open data. The owner's name stands there only with their consent."""
    said = row.present
    return {
        "number": row.number,
        "output": row.title,
        "kind": row.get_kind_display(),
        "prize": row.prize,
        "agency": row.agency.label if row.agency else "",
        "owner": row.owner.name if row.named else "",
        "state": row.outcome_label,
        "after_days": row.outcome_days,
        "asked_on": said and said.asked_on,
        "answered_on": said and said.answered_on,
        "evidence": said.evidence if said else "",
        "reason": said.reason if said else "",
        "next_question_on": row.next_due,
    }
