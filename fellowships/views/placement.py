"""Placements: the list, one of them with what covers it, a new one, and the steps from planned to ended."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.access import listing, page, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from core.panels import panels_of
from core.sharing import standing
from fellowships import actions, forms, rules
from fellowships.filters import PlacementFilter
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from fellowships.states import OVER, PLACEMENT
from fellowships.views.handover import handed_over
from mou.models import Agreement

COLUMNS = {
    "fellow": "fellow__person__name",
    "host": "host__organisation__name",
    "cycle": "host__cycle__name",
    "starts": "first",
    "ends": "last",
    "state": "state",
}


@listing(rules.list_placements, Placement)
def placement_list(request: HttpRequest, placements: QuerySet[Placement]) -> HttpResponse:
    found = PlacementFilter(request.GET, placements)
    rows, order = in_order(request, found.qs.with_words().with_cover(), COLUMNS, "fellow")
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    shown = paged(request, rows)
    context = {
        "filters": found,
        "page": shown,
        "rows": [(placement, *placement.outlook()) for placement in shown],
        "order": order,
        "total": placements.count(),
        "runs": rules.open_cycle(request.user),
        "unplaced": _unplaced(request.user),
    }
    return render(request, "fellowships/placement_list.html", context)


def _unplaced(user: Any) -> list[tuple[Cycle, int]]:
    """(cycle, how many) where somebody is not placed, of the cycles that one runs and that are not over."""
    cycles = visible(Cycle, user, "fellowships.edit_cycle").not_over(timezone.localdate()).order_by("-year", "-starts", "name")
    found = list(cycles)
    counts = visible(Fellow, user, "fellowships.edit_placement").filter(cycle__in=found).counts_by_cycle() if found else {}
    return [(cycle, counts[cycle.pk].unplaced) for cycle in found if cycle.pk in counts and counts[cycle.pk].unplaced]


def _as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Fellow"), _("Host"), _("Project"), _("Programme"), _("Cycle"), _("First day"), _("Last day"),
        _("State"), _("Stands"), _("Started under"), _("Ended on"), _("Reason"),
    ]  # fmt: skip
    lines = (
        (p.ref, p.fellow.person.name, p.host.organisation.name, p.project.title if p.project else "", p.host.cycle.programme.name,
         p.host.cycle.name, p.first_day, p.last_day, p.get_state_display(), p.outlook()[0],
         p.agreement.ref if p.agreement else "", p.ended_on, p.reason)
        for p in rows
    )  # fmt: skip
    return as_csv("placements", heads, lines)


@page(rules.view_placement, Placement)
def placement_detail(request: HttpRequest, placement: Placement) -> HttpResponse:
    user, agreement = request.user, rules.covering(placement)
    over = placement.state in OVER
    shown = placement.agreement or (None if over else agreement or placement.host.agreement)
    readable = shown and visible(Agreement, user).filter(pk=shown.pk).exists()
    may_edit, may_run = rules.edit_placement(user, placement), rules.run_placement(user, placement)
    word, tone = placement.outlook(covered=agreement is not None)
    context = {
        "placement": placement,
        "word": word,
        "tone": tone,
        "own": placement.fellow.person_id == user.person_id,
        "agreement": shown if readable or shown in (agreement, placement.agreement) else None,
        "readable": readable,
        "why_not": "" if over or agreement else rules.why_it_waits(user, placement),
        "supervisors": placement.host.organisation.people("supervisor"),
        "may_edit": may_edit,
        "may_draft": may_run and not rules.why_no_draft(placement.host),
        "start": may_run and rules.start_placement(user, placement),
        "may_plan": may_run and PLACEMENT.can("plan", placement),
        "may_withdraw": may_run and PLACEMENT.can("withdraw", placement),
        "out_of_step": rules.out_of_step(placement) if may_run else "",
        "may_refresh": may_run and rules.refresh_host_agreement(user, placement.host),
        "lines": history(placement, limit=50, reader=request.user),
        "panels": panels_of(placement, user),
        "standing": standing(placement, user),
    }
    return render(request, "fellowships/placement_detail.html", context | handed_over(placement, user))


@page(rules.add_placement, Fellow, methods=("GET", "POST"))
def placement_add(request: HttpRequest, fellow: Fellow) -> HttpResponse:
    hosts = visible(Host, request.user).filter(cycle=fellow.cycle).select_related("organisation")
    projects = visible(Project, request.user).filter(programme=fellow.cycle.programme).to_do().select_related("organisation")
    form = forms.PlacementAddForm(posted(request), initial=_as_before(fellow), fellow=fellow, hosts=hosts, projects=projects)
    if form.is_valid():
        placement = form.tried(actions.place_fellow, fellow=fellow, by=request.user, **form.cleaned_data)
        if placement:
            words = {"name": fellow, "host": placement.host}
            messages.success(request, _("%(name)s is to work at %(host)s.") % words)
            return redirect("fellowships:placement_detail", placement.ref)
    context = {"form": form, "fellow": fellow, "some": hosts.exists()}
    return render(request, "fellowships/placement_add.html", context, status=form.status)


def _as_before(fellow: Fellow) -> dict[str, Any]:
    """Who follows somebody usually goes where they were."""
    last = fellow.replaces and fellow.replaces.placement_set.select_related("host", "project").order_by("-pk").first()
    return {"host": last.host.ref, "project": last.project and last.project.ref} if last else {}


@page(rules.edit_placement, Placement, methods=("GET", "POST"))
def placement_edit(request: HttpRequest, placement: Placement) -> HttpResponse:
    projects = visible(Project, request.user).for_host(placement.host).select_related("organisation")
    form = forms.PlacementEditForm.of(posted(request), placement, projects)
    if form.is_valid():
        changed = form.tried(actions.edit_placement, placement=placement, facts=form.cleaned_data, by=request.user)
        if changed is not None:
            messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
            return redirect("fellowships:placement_detail", placement.ref)
    agreement = placement.agreement or placement.host.agreement
    readable = agreement and visible(Agreement, request.user).filter(pk=agreement.pk).exists()
    context = {"form": form, "placement": placement, "agreement": agreement if readable else None}
    return render(request, "fellowships/placement_edit.html", context, status=form.status)


@page(rules.plan_placement, Placement, methods=("GET", "POST"))
def placement_plan(request: HttpRequest, placement: Placement) -> HttpResponse:
    form = forms.PlacementPlanForm.of(posted(request), placement)
    if form.is_valid():
        actions.plan_placement(placement=placement, by=request.user, **form.cleaned_data)
        messages.success(request, _("The placement is planned."))
        return redirect("fellowships:placement_detail", placement.ref)
    return render(request, "fellowships/placement_plan.html", {"form": form, "placement": placement}, status=form.status)


@page(rules.start_placement, Placement, methods=("GET", "POST"))
def placement_start(request: HttpRequest, placement: Placement) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.start_placement(placement=placement, by=request.user)
        except DatabaseError as error:
            if "active_needs_agreement" not in str(error):
                raise
            raise PermissionDenied(_("Nothing starts before an agreement that covers every day of it is in force."))
        words = {"name": placement.fellow, "number": placement.agreement.ref}
        messages.success(request, _("The placement of %(name)s is active, under agreement %(number)s.") % words)
        return redirect("fellowships:placement_detail", placement.ref)
    first = placement.first_day
    context = {
        "placement": placement,
        "agreement": rules.covering(placement),
        "ahead": (first - timezone.localdate()).days if first else 0,
    }
    return render(request, "fellowships/placement_start.html", context)


@page(rules.withdraw_placement, Placement, methods=("GET", "POST"), fresh=True)
def placement_withdraw(request: HttpRequest, placement: Placement) -> HttpResponse:
    form = forms.PlacementWithdrawForm(posted(request), programme=placement.host.cycle.programme)
    if form.is_valid():
        actions.withdraw_placement(placement=placement, by=request.user, **form.cleaned_data)
        words = {"day": date_format(form.cleaned_data["ended_on"], "j F Y")}
        messages.success(request, _("The placement ended on %(day)s. It stays on record.") % words)
        return redirect("fellowships:placement_detail", placement.ref)
    return render(request, "fellowships/placement_withdraw.html", {"form": form, "placement": placement}, status=form.status)
