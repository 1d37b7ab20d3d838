"""Handovers: the list, one plan with who acts next in it, naming who receives, offering, and completing the placement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import listing, page, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from core.sharing import standing
from fellowships import actions, forms, rules
from fellowships.filters import HandoverFilter
from fellowships.models import RECEIVE, VIEW, Handover, Placement, Section, last_day_has_come
from fellowships.states import DONE, MET, Level, PlacementState, SectionState, Standing

COLUMNS = {
    "fellow": "placement__fellow__person__name",
    "host": "placement__host__organisation__name",
    "cycle": "placement__host__cycle__name",
    "due": "due",
    "met": "met",
}


@listing(rules.list_handovers, Handover)
def handover_list(request: HttpRequest, handovers: QuerySet[Handover]) -> HttpResponse:
    found = HandoverFilter(request.GET, handovers)
    rows, order = in_order(request, found.qs.with_standing().with_words().with_missing(), COLUMNS, "due")
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    counts = handovers.standings()
    context = {
        "filters": found,
        "page": paged(request, rows),
        "order": order,
        "total": sum(counts.values()),
        "counts": {standing: counts.get(standing, 0) for standing in Standing.values},
        "runs": rules.open_cycle(request.user),
    }
    return render(request, "fellowships/handover_list.html", context)


def _as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Fellow"), _("Host"), _("Project"), _("Programme"), _("Cycle"), _("Last day"), _("To be accepted by"),
        _("Stands"), _("Required sections"), _("Accepted or waived"), _("Acceptance is missing of"), _("Receiving lead"),
    ]  # fmt: skip
    lines = (
        (h.ref, h.placement.fellow.person.name, h.placement.host.organisation.name,
         h.placement.project.title if h.placement.project else "", h.placement.host.cycle.programme.name,
         h.placement.host.cycle.name, h.placement.last_day, h.due, h.standing_sign()[0], h.musts, h.met,
         "; ".join(h.blocking()), h.lead or "")
        for h in rows
    )  # fmt: skip
    return as_csv("handovers", heads, lines)


@dataclass(frozen=True)
class Line:
    """A section in the plan, and who does what with it next."""

    section: Section
    word: str
    tone: str
    then: str
    gone: bool  # its receiver has no role at the host any more


@page(rules.view_handover, Handover)
def handover_detail(request: HttpRequest, handover: Handover) -> HttpResponse:
    user = request.user
    whole = visible(Handover, user).with_words().with_standing().with_missing().get(pk=handover.pk)
    live = set(whole.receivers().values_list("pk", flat=True))
    lines = [_line(section, whole, live) for section in whole.sections()]
    if request.GET.get("format") == "csv":
        return _plan_as_csv(whole, lines)
    word, tone = whole.standing_sign()
    placement = whole.placement
    context = {
        "handover": whole,
        "placement": placement,
        "word": word,
        "tone": tone,
        "lines": lines,
        "steps": list(_steps(whole)),
        "next": next(_next(request, whole, lines, live)),
        "parts": _parts(whole, live),
        "may_assign": rules.assign_handover(user, whole),
        "may_offer": rules.offer_handover(user, whole),
        "sees_placement": rules.view_placement(user, placement),
        "timeline": history(whole, *whole.sections(), limit=30, reader=user),
        "standing": standing(placement, user, VIEW, RECEIVE),
    }
    return render(request, "fellowships/handover_detail.html", context)


def _line(section: Section, handover: Handover, live: set[int]) -> Line:
    gone = section.receiver_id is not None and section.receiver_id not in live
    return Line(section, *section.standing(), _then(section, handover, gone), gone and section.state not in DONE)


def _then(section: Section, handover: Handover, gone: bool) -> str:
    """Who acts next on a section; "" where nobody has to."""
    if section.state in DONE or not handover.under_way:
        return ""
    if section.receiver is None:
        return _("A receiver is to be named")
    if gone:
        return _("A new receiver is to be named")
    if section.state == SectionState.OFFERED:
        return _("%(name)s accepts it or sends it back") % {"name": section.receiver}
    if section.unanswered():
        return _("%(name)s writes it") % {"name": handover.placement.fellow}
    return _("%(name)s offers it") % {"name": handover.placement.fellow}


def _plan_as_csv(handover: Handover, lines: Sequence[Line]) -> HttpResponse:
    heads = [
        _("No."), _("Section"), _("Level"), _("For"), _("Receiver"), _("Due"), _("State"), _("Next"), _("Accepted by"),
        _("Accepted on"), _("Waived by"), _("Waived on"), _("Reason"), _("Done means"),
    ]  # fmt: skip
    rows = (
        (s.number, s.title, s.get_level_display(), s.role_label, s.receiver or "", s.due, line.word, line.then,
         s.accepted_by or "", s.accepted_at and timezone.localdate(s.accepted_at), s.waived_by or "",
         s.waived_at and timezone.localdate(s.waived_at), s.reason, s.done_means)
        for line in lines for s in [line.section]
    )  # fmt: skip
    return as_csv(f"handover-{handover.ref}", heads, rows)


@dataclass(frozen=True)
class Step:
    """A stage of the plan with its day: reached, not reached though the day has passed, or to come."""

    label: str
    day: Any
    done: bool
    current: bool
    bad: bool


def _steps(handover: Handover) -> Iterator[Step]:
    """Only what the records can show: a day that has passed is no proof that something was done."""
    days = {row["id"]: handover.day_of(row["due"]) for row in handover.milestones}
    musts = [section for section in handover.sections() if section.level == Level.MUST]
    stages = [
        (_("Receivers named"), days.get("owners"), all(section.receiver_id or section.state in DONE for section in musts)),
        (_("Draft written"), days.get("draft"), all(section.state in DONE or not section.unanswered() for section in musts)),
        (_("Accepted"), handover.due, all(section.state in MET for section in musts)),
        (_("Placement completed"), handover.placement.last_day, handover.placement.state == PlacementState.COMPLETED),
    ]
    today, current = timezone.localdate(), next((label for label, _day, done in stages if not done), "")
    for label, day, done in stages:
        late = bool(day and day < today and not done) and handover.under_way
        yield Step(label, day, done, label == current, late)


@dataclass(frozen=True)
class Next:
    """Who acts next on a handover: the one loud thing on its page."""

    title: str
    why: str
    label: str = ""
    url: str = ""
    tone: str = ""


def _next(request: HttpRequest, handover: Handover, lines: Sequence[Line], live: set[int]) -> Iterator[Next]:
    """What this reader can do comes first, then whom all wait for."""
    if not handover.under_way:
        state = handover.placement.get_state_display().lower()
        yield Next(_("Nobody acts: the placement is %(state)s") % {"state": state}, _("The plan stays on record as it is."))
    user: Any = request.user
    open_lines = [line for line in lines if line.section.state not in DONE]
    if user.person_id in live:
        yield from _to_accept(user, handover, open_lines)
    if rules.assign_handover(user, handover):
        yield from _to_assign(handover, open_lines)
    if rules.offer_handover(user, handover):
        yield from _to_write(user, handover, open_lines, live)
    yield from _ending(request, handover)


def _to_accept(user: Any, handover: Handover, lines: Sequence[Line]) -> Iterator[Next]:
    mine = [line for line in lines if line.section.state == SectionState.OFFERED and line.section.receiver_id == user.person_id]
    if mine:
        title = ngettext("%(n)s section waits for you", "%(n)s sections wait for you", len(mine)) % {"n": len(mine)}
        first = reverse("fellowships:section_detail", args=[mine[0].section.ref])
        label = _("Go to section %(n)s") % {"n": mine[0].section.number}
        why = _("Read it, then accept it in your own name or send it back: %(names)s.") % {"names": _named(mine)}
        yield Next(title, why, label, first, _tone(handover))


def _to_assign(handover: Handover, lines: Sequence[Line]) -> Iterator[Next]:
    url = reverse("fellowships:handover_assign", args=[handover.ref])
    gone, unnamed = [line for line in lines if line.gone], [line for line in lines if not line.section.receiver_id]
    if gone:
        names = ", ".join(sorted({str(line.section.receiver) for line in gone}))
        why = _("%(names)s has no role at %(host)s any more.") % {"names": names, "host": handover.placement.host}
        yield Next(_("A new receiver is needed"), why, _("Name who receives"), url, "bad")
    if unnamed:
        title = ngettext("%(n)s section has no receiver", "%(n)s sections have no receiver", len(unnamed))
        why = _("Each is taken over by one named person at %(host)s.") % {"host": handover.placement.host}
        yield Next(title % {"n": len(unnamed)}, why, _("Name who receives"), url, "wait")


def _to_write(user: Any, handover: Handover, lines: Sequence[Line], live: set[int]) -> Iterator[Next]:
    ready = [line for line in lines if not rules.why_not_offered(line.section, live)]
    if ready:
        title = ngettext("%(n)s section is ready to offer", "%(n)s sections are ready to offer", len(ready))
        url = reverse("fellowships:handover_offer", args=[handover.ref])
        yield Next(title % {"n": len(ready)}, f"{_named(ready)}.", _("Offer them"), url, _tone(handover))
    blank = [line for line in lines if line.section.state == SectionState.OPEN and line.section.unanswered()]
    if blank:
        first = min(blank, key=lambda line: (line.section.due or date.max, line.section.number)).section
        fellow = handover.placement.fellow
        if fellow.person_id == user.person_id:
            title = ngettext("You write %(n)s section next", "You write %(n)s sections next", len(blank))
        else:
            title = ngettext("%(name)s writes %(n)s section next", "%(name)s writes %(n)s sections next", len(blank))
        why = _("The next is due on %(day)s: %(section)s.") % {"day": _day(first.due), "section": first}
        url = reverse("fellowships:section_detail", args=[first.ref])
        label = _("Open section %(n)s") % {"n": first.number}
        yield Next(title % {"n": len(blank), "name": fellow}, why, label, url, _tone(handover))


def _ending(request: HttpRequest, handover: Handover) -> Iterator[Next]:
    words = {"met": handover.met, "musts": handover.musts, "day": _day(handover.due), "last": _day(handover.placement.last_day)}
    if handover.missing():
        title = _("%(met)s of %(musts)s required sections are accepted or waived") % words
        why = _("To be accepted by %(day)s. Acceptance is missing of: %(names)s.")
        yield Next(title, why % (words | {"names": ", ".join(handover.blocking())}), tone=_tone(handover))
    elif rules.complete_placement(request.user, handover.placement):
        url = reverse("fellowships:placement_complete", args=[handover.placement.ref])
        yield Next(_("The placement can be completed"), _("The work is handed over."), _("Complete the placement"), url)
    else:
        why = _("The coordinator completes the placement on its last day, %(last)s, or after.") % words
        yield Next(_("The work is handed over"), why)


def _tone(handover: Handover) -> str:
    return "bad" if handover.standing_sign()[1] == "bad" else ""


def _named(lines: Sequence[Line]) -> str:
    return "; ".join(str(line.section) for line in lines)


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else "–"


def _parts(handover: Handover, live: set[int]) -> list[tuple[str, str, int, int, bool]]:
    """(name, for what, how many of theirs are done, how many they have, whether they are gone) of each receiver."""
    held: dict[Any, list[Section]] = {}
    for section in handover.sections():
        held.setdefault(section.receiver, []).append(section)
    rows = []
    for person, sections in held.items():
        roles = ", ".join(dict.fromkeys(section.role_label for section in sections))
        done = sum(section.state in DONE for section in sections)
        gone = person is not None and person.pk not in live and done < len(sections)
        rows.append((str(person) if person else "", roles, done, len(sections), gone))
    return sorted(rows, key=lambda row: (not row[0], row[0]))


def handed_over(placement: Placement, user: Any) -> dict[str, Any]:
    """What the page of a placement says of its handover: the plan as far as this reader sees it, and what can be done."""
    handover = visible(Handover, user).filter(placement=placement).with_standing().with_missing().first()
    runs, active = rules.run_placement(user, placement), placement.state == PlacementState.ACTIVE
    return {
        "handover": handover,
        "handover_state": handover.standing_sign() if handover else None,
        "may_make": runs and rules.make_handover(user, placement),
        "complete": rules.complete_placement(user, placement) if runs and active else None,
        "last_day_has_come": active and last_day_has_come(placement),
    }


@page(rules.make_handover, Placement, methods=("GET", "POST"))
def handover_make(request: HttpRequest, placement: Placement) -> HttpResponse:
    if request.method == "POST":
        handover = actions.make_handover(placement=placement, by=request.user)
        messages.success(request, _("The handover plan is open. Name who receives each part of the work."))
        return redirect("fellowships:handover_detail", handover.ref)
    return render(request, "fellowships/handover_make.html", {"placement": placement})


@page(rules.assign_handover, Handover, methods=("GET", "POST"))
def handover_assign(request: HttpRequest, handover: Handover) -> HttpResponse:
    people = handover.receivers()
    form = forms.HandoverAssignForm(posted(request), handover, people)
    if form.is_valid():
        lead = form.cleaned_data["lead"]
        given = form.tried(actions.assign_handover, handover=handover, receivers=form.named(), lead=lead, by=request.user)
        if given is not None:
            said = ngettext("%(n)s section has a new receiver.", "%(n)s sections have a new receiver.", given) % {"n": given}
            messages.success(request, said)
            return redirect("fellowships:handover_detail", handover.ref)
    context = {"form": form, "handover": handover, "placement": handover.placement, "some": people.exists()}
    return render(request, "fellowships/handover_assign.html", context, status=form.status)


@page(rules.offer_handover, Handover, methods=("GET", "POST"))
def handover_offer(request: HttpRequest, handover: Handover) -> HttpResponse:
    live = set(handover.receivers().values_list("pk", flat=True))
    reasons = [(section, rules.why_not_offered(section, live)) for section in handover.sections() if section.state == "open"]
    ready = [section for section, reason in reasons if not reason]
    form = forms.HandoverOfferForm(posted(request), visible(Section, request.user).filter(handover=handover), ready)
    if form.is_valid():
        chosen = form.cleaned_data["sections"]
        number = form.tried(actions.offer_handover, handover=handover, sections=chosen, by=request.user)
        if number:
            one, more = _("%(n)s section is offered."), _("%(n)s sections are offered. Each receiver gets one mail.")
            messages.success(request, (one if number == 1 else more) % {"n": number})
            return redirect("fellowships:handover_detail", handover.ref)
    waits = [(section, reason) for section, reason in reasons if reason]
    context = {"form": form, "handover": handover, "placement": handover.placement, "ready": ready, "waits": waits}
    return render(request, "fellowships/handover_offer.html", context, status=form.status)


@page(rules.complete_placement, Placement, methods=("GET", "POST"), fresh=True)
def placement_complete(request: HttpRequest, placement: Placement) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.complete_placement(placement=placement, by=request.user)
        except DatabaseError as error:
            if "completed_needs_handover" not in str(error):
                raise
            raise PermissionDenied(_("Nothing is completed before each required section is accepted or waived."))
        messages.success(request, _("The placement of %(name)s is completed.") % {"name": placement.fellow})
        return redirect("fellowships:placement_detail", placement.ref)
    handover = visible(Handover, request.user).filter(placement=placement).with_standing().get()
    waived = [section for section in handover.sections() if section.state == SectionState.WAIVED]
    context = {"placement": placement, "handover": handover, "waived": waived}
    return render(request, "fellowships/placement_complete.html", context)
