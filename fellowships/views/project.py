"""Projects: the list, one of them with who works on it, a new one of a host, and what is on record changed."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import listing, page, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from fellowships import actions, forms, rules
from fellowships.filters import ProjectFilter
from fellowships.models import Cycle, Host, Placement, Project
from fellowships.states import ProjectStatus
from mou.kinds import catalogue
from partnerships.models import Organisation

COLUMNS = {
    "title": "title",
    "status": "status",
    "organisation": "organisation__name",
    "programme": "programme__name",
    "people": "people",
}


@listing(rules.list_projects, Project)
def project_list(request: HttpRequest, projects: QuerySet[Project]) -> HttpResponse:
    found = ProjectFilter(request.GET, projects)
    counted = found.qs.with_people(visible(Placement, request.user)).select_related("organisation", "programme")
    rows, order = in_order(request, counted, COLUMNS, "title")
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    context = {
        "filters": found,
        "page": paged(request, rows),
        "order": order,
        "total": projects.count(),
        "several": len(found.filters["programme"].extra["choices"]) > 1,  # one programme need not stand in every row
        "runs": rules.open_cycle(request.user),
    }
    return render(request, "fellowships/project_list.html", context)


def _as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Title"), _("Programme"), _("Offered by"), _("Status"), _("Status as written"), _("People"),
        _("Problem"), _("Summary"), _("Link"),
    ]  # fmt: skip
    lines = (
        (p.ref, p.title, p.programme, p.organisation.name if p.organisation else "", p.get_status_display(),
         p.status_as_written, p.people, p.problem, p.summary, p.link)
        for p in rows
    )  # fmt: skip
    return as_csv("projects", heads, lines)


@page(rules.view_project, Project)
def project_detail(request: HttpRequest, project: Project) -> HttpResponse:
    user, offers = request.user, project.organisation
    placements = visible(Placement, user).filter(project=project).with_words().with_cover().order_by("-first", "pk")
    may_edit = rules.edit_project(user, project)
    scope = [(row, project.scope.get(row.id, "")) for row in catalogue().scope]
    unsaid = [row.label for row, text in scope if not text and not row.optional]
    context = {
        "project": project,
        "placements": [(placement, *placement.outlook()) for placement in placements],
        "unsaid": unsaid if may_edit and project.status == ProjectStatus.PROPOSED else [],
        "opens": bool(offers) and visible(Organisation, user).filter(pk=offers.pk).exists(),
        "scope": scope,
        "lines": history(project, limit=50, reader=request.user),
        "may_edit": may_edit,
    }
    return render(request, "fellowships/project_detail.html", context)


@page(rules.edit_cycle, Cycle, methods=("GET", "POST"))
def project_add(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    hosts = visible(Host, request.user).filter(cycle=cycle).select_related("organisation")
    form = forms.ProjectAddForm(posted(request), initial={"host": request.GET.get("host", "")}, hosts=hosts)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        organisation = facts.pop("host").organisation
        project = form.tried(actions.add_project, programme=cycle.programme, organisation=organisation, by=request.user, **facts)
        if project:
            messages.success(request, _("%(host)s offers it from now on.") % {"host": organisation})
            return redirect("fellowships:project_detail", project.ref)
    context = {"form": form, "cycle": cycle, "some": hosts.exists()}
    return render(request, "fellowships/project_add.html", context, status=form.status)


@page(rules.edit_project, Project, methods=("GET", "POST"))
def project_edit(request: HttpRequest, project: Project) -> HttpResponse:
    organisations = visible(Organisation, request.user).in_use(project.organisation)
    form = forms.ProjectEditForm.of(posted(request), project, organisations)
    if form.is_valid():
        changed = form.tried(actions.edit_project, project=project, facts=form.facts(), by=request.user)
        if changed is not None:
            messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
            return redirect("fellowships:project_detail", project.ref)
    return render(request, "fellowships/project_edit.html", {"form": form, "project": project}, status=form.status)
