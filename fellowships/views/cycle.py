"""The pages of cycles: the list, one cycle with what comes next in it, and what the public sees of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import listing, page, public_listing, public_page, published, visible
from core.audit import Line, history
from core.forms import posted
from core.lists import as_csv, as_open_data, in_order, paged
from core.panels import panels_of
from core.sharing import standing
from fellowships import actions, forms, rules
from fellowships.filters import CycleFilter, PublicCycleFilter
from fellowships.models import NOBODY, TROUBLE, Counts, Cycle, Fellow, Handover, Host, Placement
from fellowships.states import CYCLE
from fellowships.views.host import HostRow, named, rows_of
from mou.models import Agreement
from mou.states import AgreementState
from partnerships.models import Programme

COLUMNS = {"name": "name", "programme": "programme__name", "year": "year", "starts": "starts", "state": "state"}
MOST_IN_ROSTER = 60


@dataclass(frozen=True)
class CycleRow:
    """A cycle with what the reader sees in it."""

    cycle: Cycle
    hosts: int
    counts: Counts


@listing(rules.list_cycles, Cycle)
def cycle_list(request: HttpRequest, cycles: QuerySet[Cycle]) -> HttpResponse:
    found = CycleFilter(request.GET, cycles)
    rows, order = in_order(request, found.qs.select_related("programme"), COLUMNS, "-year")
    if request.GET.get("format") == "csv":
        return _as_csv(_counted(rows, request.user))
    shown = paged(request, rows)
    context = {
        "filters": found,
        "page": shown,
        "rows": _counted(shown.object_list, request.user),
        "order": order,
        "total": cycles.count(),
        "may_open": rules.open_cycle(request.user),
    }
    return render(request, "fellowships/cycle_list.html", context)


def _counted(cycles: Any, user: Any) -> list[CycleRow]:
    """Two queries for any number of cycles, over what the reader sees."""
    among = list(cycles)
    hosts = visible(Host, user).filter(cycle__in=among).numbers_by_cycle()
    counts = visible(Fellow, user).filter(cycle__in=among).counts_by_cycle()
    return [CycleRow(cycle, hosts.get(cycle.pk, 0), counts.get(cycle.pk, NOBODY)) for cycle in among]


def _as_csv(rows: Sequence[CycleRow]) -> HttpResponse:
    heads = [
        _("Reference"), _("Cycle"), _("Programme"), _("Year"), _("First day"), _("Last day"), _("State"), _("Hosts"),
        _("People"), _("Places"), _("Placed"), _("Not placed"), _("Left"), _("Replaced"),
    ]  # fmt: skip
    lines = (
        (r.cycle.ref, r.cycle.name, r.cycle.programme, r.cycle.year, r.cycle.starts, r.cycle.ends, r.cycle.get_state_display(),
         r.hosts, r.counts.people, r.counts.places, r.counts.placed, r.counts.unplaced, r.counts.withdrawn, r.counts.replaced)
        for r in rows
    )  # fmt: skip
    return as_csv("cycles", heads, lines)


@listing(rules.open_cycle, Programme, methods=("GET", "POST"))
def cycle_open(request: HttpRequest, programmes: Any) -> HttpResponse:
    form = forms.CycleOpenForm(posted(request), programmes=programmes.run_by(request.user))
    if form.is_valid():
        cycle = form.tried(actions.open_cycle, by=request.user, **form.cleaned_data)
        if cycle:
            messages.success(request, _("%(cycle)s is open. Nothing of it is public yet.") % {"cycle": cycle})
            return redirect("fellowships:cycle_detail", cycle.ref)
    return render(request, "fellowships/cycle_open.html", {"form": form}, status=form.status)


@page(rules.edit_cycle, Cycle, methods=("GET", "POST"))
def cycle_edit(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    form = forms.CycleEditForm.of(posted(request), cycle)
    if form.is_valid():
        changed = form.tried(actions.edit_cycle, cycle=cycle, facts=form.cleaned_data, by=request.user)
        if changed is not None:
            messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
            return redirect("fellowships:cycle_detail", cycle.ref)
    return render(request, "fellowships/cycle_edit.html", {"form": form, "cycle": cycle}, status=form.status)


@page(rules.view_cycle, Cycle)
def cycle_detail(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    user = request.user
    cohort, hosts = visible(Fellow, user).filter(cycle=cycle), rows_of(cycle, user)
    placements = visible(Placement, user).filter(host__cycle=cycle)
    inside, may_edit = rules.view_cohort(user, cycle), rules.edit_cycle(user, cycle)
    counts = cohort.counts()
    fellows = list(cohort.with_placements(placements)[:MOST_IN_ROSTER])
    context = {
        "cycle": cycle,
        "hosts": hosts,
        "counts": counts,
        "fellows": sorted(fellows, key=lambda fellow: TROUBLE.index(fellow.outlook()[1])),
        "projects": placements.projects(),
        "inside": inside,
        "may_edit": may_edit,
        "hindered": rules.why_no_drafts(cycle) if may_edit else "",
        "next": next(_next(cycle, hosts, counts, placements), None) if may_edit else None,
        "week": cycle.week(timezone.localdate()),
        "handovers": visible(Handover, user).filter(placement__host__cycle=cycle).standings(),
        "lines": _told(cycle, user) if inside else [],
        "panels": panels_of(cycle, user),
        "standing": standing(cycle, user),
    }
    return render(request, "fellowships/cycle_detail.html", context)


def _told(cycle: Cycle, user: Any) -> list[Line]:
    """What happened. Who may not read drafts does not learn here that there is one."""
    drafts = rules.read_drafts(user, cycle)
    return [line for line in history(cycle, limit=25, reader=user) if drafts or line.verb != "host.agreement_drafted"]


@dataclass(frozen=True)
class Next:
    """Who acts next in a cycle: the one loud thing on its page."""

    title: str
    why: str
    label: str
    url: str
    tone: str = ""


def _next(cycle: Cycle, hosts: Sequence[HostRow], counts: Counts, placements: Any) -> Iterator[Next]:
    """What stops the cycle, the first thing first. Nothing for a cycle that is over."""
    today = timezone.localdate()
    if cycle.over(today):
        return
    edit = reverse("fellowships:cycle_edit", args=[cycle.ref])
    if cycle.starts is None or cycle.ends is None:
        why = _("Agreements with hosts cover the days of the cycle, and placements have them unless they have their own.")
        yield Next(_("Set the first and the last day"), why, _("Set the days"), edit, "wait")
    if cycle.programme.organisation is None:
        url = reverse("partnerships:programme_edit", args=[cycle.programme.ref])
        url += "?back=" + reverse("fellowships:cycle_detail", args=[cycle.ref])
        why = _("It is a party to every agreement with a host.")
        yield Next(_("Choose the organisation that signs for the programme"), why, _("Choose it"), url, "wait")
    if not hosts:
        url, why = reverse("fellowships:host_add", args=[cycle.ref]), _("A host is an organisation that takes fellows.")
        yield Next(_("Add the first host"), why, _("Add a host"), url)
    if not counts.people:
        url, why = reverse("fellowships:fellow_add", args=[cycle.ref]), _("Then place them at a host.")
        yield Next(_("Add the first fellow"), why, _("Add a fellow"), url)
    yield from _placements_next(cycle, placements, today)
    yield from _agreements_next(cycle, hosts)
    if counts.unplaced:
        title = ngettext("%(n)s fellow is not placed", "%(n)s fellows are not placed", counts.unplaced) % {"n": counts.unplaced}
        url = reverse("fellowships:fellow_list", args=[cycle.ref]) + "?group=unplaced"
        yield Next(title, _("Choose a host and a project for each."), _("Show them"), url, "wait")
    if CYCLE.can("publish", cycle):
        why = _("The public then sees the hosts, the projects, and the names of those who agreed to it.")
        url = reverse("fellowships:cycle_publish", args=[cycle.ref])
        yield Next(_("Ready to publish"), why, _("Look at it and publish"), url)


def _placements_next(cycle: Cycle, placements: Any, today: date) -> Iterator[Next]:
    due = list(placements.to_start(today).with_cover().with_words())
    blocked = [placement for placement in due if not placement.covered]
    url = reverse("fellowships:placement_list") + f"?start=due&cycle={cycle.ref}"
    if blocked:
        number = {"n": len(blocked)}
        title = ngettext("%(n)s placement cannot start", "%(n)s placements cannot start", len(blocked)) % number
        why = _("No agreement in force covers them: %(names)s.") % {"names": named(placement.fellow for placement in blocked)}
        yield Next(title, why, _("Show them"), url, "bad")
    elif due:
        title = ngettext("%(n)s placement can start", "%(n)s placements can start", len(due)) % {"n": len(due)}
        yield Next(
            title,
            _("An agreement in force covers: %(names)s.") % {"names": named(placement.fellow for placement in due)},
            _("Show them"),
            url,
        )


def _agreements_next(cycle: Cycle, rows: Sequence[HostRow]) -> Iterator[Next]:
    without = [row for row in rows if not row.obstacle]
    if without:
        number = {"n": len(without)}
        title = ngettext("%(n)s host has no agreement", "%(n)s hosts have no agreement", len(without)) % number
        url = reverse("fellowships:host_agreement", args=[without[0].host.ref])
        why = _("Nothing starts before both sides have signed one: %(names)s.") % {"names": named(row.host for row in without)}
        yield Next(title, why, _("Draft the one with %(host)s") % {"host": without[0].host.organisation.label}, url, "wait")
    drafts = [row for row in rows if row.agreement and row.agreement.state == AgreementState.DRAFT]
    if drafts:
        first = drafts[0].agreement
        title = ngettext("%(n)s agreement is a draft", "%(n)s agreements are drafts", len(drafts)) % {"n": len(drafts)}
        why = _("Fill in what is missing and send them: %(names)s.") % {"names": named(row.host for row in drafts)}
        yield Next(
            title, why, _("Open %(number)s") % {"number": first.ref}, reverse("mou:agreement_detail", args=[first.ref]), "wait"
        )
    out = sorted((row for row in rows if row.agreement and row.agreement.state == AgreementState.OUT), key=_longest)
    if out:
        first = out[0].agreement
        title = ngettext("%(n)s agreement is out for signature", "%(n)s agreements are out for signature", len(out)) % {
            "n": len(out)
        }
        words = {"number": first.ref, "host": out[0].host, "waits": out[0].waits}
        why = _("The longest is %(number)s with %(host)s: %(waits)s.") % words
        yield Next(title, why, _("Open %(number)s") % words, reverse("mou:agreement_detail", args=[first.ref]), "wait")


def _longest(row: HostRow) -> int:
    return -row.agreement.days_waiting() if row.agreement else 0


@page(rules.publish_cycle, Cycle, methods=("GET", "POST"))
def cycle_publish(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    choice = request.POST.get("publish")
    if choice == "yes":
        actions.publish_cycle(cycle=cycle, by=request.user)
        messages.success(request, _("%(cycle)s is public from now on.") % {"cycle": cycle})
        return redirect("fellowships:cycle_detail", cycle.ref)
    if choice == "no":
        actions.unpublish_cycle(cycle=cycle, by=request.user)
        messages.success(request, _("%(cycle)s is gone from the public pages.") % {"cycle": cycle})
        return redirect("fellowships:cycle_detail", cycle.ref)
    placements = visible(Placement, request.user).filter(host__cycle=cycle).for_public()
    faces = _faces(visible(Host, request.user).filter(cycle=cycle).for_public(), placements)
    context = {"cycle": cycle, "faces": faces, "figures": _figures(faces)}
    return render(request, "fellowships/cycle_publish.html", context, status=422 if request.method == "POST" else 200)


# What the public sees.


@dataclass(frozen=True)
class Face:
    """A host as everybody may see it. `fellows`: the keys of who works there; `names` are of those who agreed to be named."""

    ref: str
    name: str
    place: str
    fellows: set[int]
    projects: list[str]
    names: list[str]
    agreements: list[Agreement]

    @property
    def people(self) -> int:
        return len(self.fellows)


def _faces(hosts: QuerySet[Host], placements: Any) -> list[Face]:
    """The hosts with what stands there for everybody. placements: after for_public(). Three queries."""
    there: dict[int, list[Placement]] = {}
    for placement in placements.select_related("fellow__person", "project").order_by("fellow__person__name", "pk"):
        there.setdefault(placement.host_id, []).append(placement)
    found = sorted(hosts.select_related("organisation"), key=lambda host: (host.organisation.label.casefold(), host.pk))
    keys = {host.agreement_id for host in found} | {row.agreement_id for rows in there.values() for row in rows}
    agreements = {agreement.pk: agreement for agreement in published(Agreement).filter(pk__in=keys - {None})}
    return [_face(host, there.get(host.pk, []), agreements) for host in found]


def _face(host: Host, placements: list[Placement], agreements: dict[int, Agreement]) -> Face:
    keys = dict.fromkeys([host.agreement_id, *(placement.agreement_id for placement in placements)])
    return Face(
        ref=host.organisation.ref,
        name=host.organisation.label,
        place=", ".join(filter(None, [host.organisation.city, host.organisation.country])),
        fellows={placement.fellow_id for placement in placements},
        projects=sorted({placement.project.title for placement in placements if placement.project}),
        names=list(dict.fromkeys(placement.fellow.person.name for placement in placements if placement.named)),
        agreements=[agreements[key] for key in keys if key in agreements],
    )


def _figures(faces: Sequence[Face]) -> dict[str, int]:
    """Counted from what the page shows, so that whoever counts there comes to the same."""
    return {
        "hosts": len(faces),
        "people": len(set[int]().union(*(face.fellows for face in faces))),  # some work for two hosts
        "projects": len({title for face in faces for title in face.projects}),
        "agreements": len({agreement.pk for face in faces for agreement in face.agreements}),
    }


@public_listing(Cycle)
def public_cycle_list(request: HttpRequest, cycles: QuerySet[Cycle]) -> HttpResponse:
    found = PublicCycleFilter(request.GET, cycles)
    rows = found.qs.select_related("programme").order_by("-year", "-starts", "name", "pk")
    if (answer := as_open_data(request, "cycles", OPEN_CYCLE, lambda: map(_open_cycle, _numbered(rows)))) is not None:
        return answer
    page = paged(request, rows)
    context = {"filters": found, "page": page, "rows": _numbered(page), "total": cycles.count()}
    return render(request, "fellowships/public_cycle_list.html", context)


OPEN_CYCLE = ("name", "programme", "year", "first_day", "last_day", "hosts", "fellows_placed", "summary", "address")
OPEN_HOST = ("host", "place", "fellows", "named", "projects", "agreements", "address")


def _numbered(cycles: Iterable[Cycle]) -> list[dict[str, Any]]:
    """Each with how many hosts and people its page shows, in two queries."""
    among = list(cycles)
    hosts = published(Host).filter(cycle__in=among).numbers_by_cycle()
    people = published(Placement).filter(host__cycle__in=among).people_by_cycle()
    return [{"cycle": cycle, "hosts": hosts.get(cycle.pk, 0), "people": people.get(cycle.pk, 0)} for cycle in among]


def _open_cycle(row: dict[str, Any]) -> dict[str, Any]:
    cycle = row["cycle"]
    return {
        "name": cycle.name,
        "programme": cycle.programme.name,
        "year": cycle.starts.year if cycle.starts else cycle.year,
        "first_day": cycle.starts,
        "last_day": cycle.ends,
        "hosts": row["hosts"],
        "fellows_placed": row["people"],
        "summary": cycle.summary,
        "address": urljoin(settings.BASE_URL, reverse("public_cycle", args=[cycle.ref])),
    }


def _open_host(face: Face) -> dict[str, Any]:
    return {
        "host": face.name,
        "place": face.place,
        "fellows": face.people,
        "named": face.names,
        "projects": face.projects,
        "agreements": [agreement.ref for agreement in face.agreements],
        "address": urljoin(settings.BASE_URL, reverse("public_organisation", args=[face.ref])),
    }


@public_page(Cycle)
def public_cycle(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    placements = published(Placement).filter(host__cycle=cycle)
    faces = _faces(published(Host).filter(cycle=cycle), placements)
    figures = _figures(faces)
    if (
        answer := as_open_data(request, "hosts", OPEN_HOST, lambda: map(_open_host, faces), cycle=cycle.name, figures=figures)
    ) is not None:
        return answer
    context = {
        "cycle": cycle,
        "faces": faces,
        "figures": figures,
        "week": cycle.week(timezone.localdate()),
        "panels": panels_of(cycle, AnonymousUser()),  # the page is kept for everybody: nobody's own view of them
    }
    return render(request, "fellowships/public_cycle.html", context)
