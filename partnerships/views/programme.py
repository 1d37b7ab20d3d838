"""Programmes: the list, one with who runs it, opening and changing it, and the roles in it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.rules import list_people
from core.access import listing, page, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from core.panels import panels_of
from core.rules import hold_retention, read_log
from partnerships import actions, forms, rules
from partnerships.filters import ProgrammeFilter
from partnerships.models import Organisation, Programme, ProgrammeRole, with_sign_in

COLUMNS = {"name": "name", "organisation": "organisation__name", "opened": "created"}


@listing(rules.list_programmes, Programme)
def programme_list(request: HttpRequest, programmes: Any) -> HttpResponse:
    found = ProgrammeFilter(request.GET, programmes)
    rows, order = in_order(request, found.qs.with_words(), COLUMNS, "name")
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    context = {
        "filters": found,
        "page": paged(request, rows),
        "order": order,
        "total": programmes.count(),
        "may_open": rules.open_programme(request.user),
        "may_list_people": list_people(request.user),
        "may_read_log": read_log(request.user),
        "may_hold_retention": hold_retention(request.user),
    }
    return render(request, "partnerships/programme_list.html", context)


def _as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Programme"), _("Organisation that signs"), _("Coordinators"), _("Holiday calendar"), _("Time zone"),
        _("Opened"),
    ]  # fmt: skip
    lines = (
        (p.ref, p.name, p.organisation or "", "; ".join(role.person.name for role in p.running), p.calendar, p.time_zone,
         p.created.date())
        for p in rows
    )  # fmt: skip
    return as_csv("programmes", heads, lines)


@page(rules.open_programme, methods=("GET", "POST"), fresh=True)
def programme_open(request: HttpRequest) -> HttpResponse:
    form = forms.ProgrammeOpenForm(posted(request), organisations=visible(Organisation, request.user).in_use())
    if form.is_valid():
        programme = form.tried(actions.open_programme, by=request.user, **form.cleaned_data)
        if programme:
            messages.success(request, _("%(name)s is open. Nobody coordinates it yet: name somebody.") % {"name": programme})
            return redirect("partnerships:programme_detail", programme.ref)
    return render(request, "partnerships/programme_open.html", {"form": form}, status=form.status)


@page(rules.view_programme, Programme)
def programme_detail(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who holds which role, who signs, which days its time limits follow, and what upper apps know of it."""
    rows = programme.programmerole_set.select_related("person").order_by("role", "person__name", "since", "pk")
    roles = list(with_sign_in(rows))
    people = visible(Person, request.user).filter(pk__in={role.person_id for role in roles})
    standing = [role for role in roles if not role.ended]
    context = {
        "programme": programme,
        "roles": standing,
        "former": sorted((role for role in roles if role.ended), key=lambda role: role.until, reverse=True),
        "coordinated": any(role.role == "coordinator" and role.counts for role in standing),
        "open_to_reader": set(people.values_list("pk", flat=True)),
        "panels": panels_of(programme, request.user),
        "lines": history(programme, limit=50, reader=request.user),
        "may_edit": rules.edit_programme(request.user, programme),
        "may_give": rules.give_programme_role(request.user, programme),
    }
    return render(request, "partnerships/programme_detail.html", context)


@page(rules.edit_programme, Programme, methods=("GET", "POST"))
def programme_edit(request: HttpRequest, programme: Programme) -> HttpResponse:
    organisations = visible(Organisation, request.user).in_use(programme.organisation)
    form = forms.ProgrammeEditForm.of(posted(request), programme, organisations)
    back = _back(request)
    if form.is_valid():
        changed = form.tried(actions.edit_programme, programme=programme, by=request.user, **form.cleaned_data)
        if changed is not None:
            said = _("The changes to %(name)s are saved.") if changed else _("Nothing was different.")
            messages.success(request, said % {"name": programme} if changed else said)
            return redirect(back) if back else redirect("partnerships:programme_detail", programme.ref)
    context = {"form": form, "programme": programme, "back": back}
    return render(request, "partnerships/programme_edit.html", context, status=form.status)


def _back(request: HttpRequest) -> str:
    """Where at the desk one came from, as ?back= says; "" for anywhere else."""
    back = request.GET.get("back", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/desk/") and back.isprintable()
    return back if here else ""


@page(rules.give_programme_role, Programme, methods=("GET", "POST"), fresh=True)
def programme_role_give(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Filled in, it is shown once more with whom the address belongs to; only then is the role given."""
    form = forms.ProgrammeRoleGiveForm(posted(request), initial={"role": request.GET.get("role", "")})
    sure = request.POST.get("sure", "ask")
    if form.is_valid() and sure == "yes":
        role = form.tried(actions.invite_to_programme, programme=programme, by=request.user, **form.cleaned_data)
        if role:
            words = {"name": role.person, "role": role.role_label, "programme": programme}
            messages.success(request, _("%(name)s is %(role)s of %(programme)s and was told by e-mail.") % words)
            return redirect("partnerships:programme_detail", programme.ref)
    context: dict[str, Any] = {"form": form, "programme": programme}
    if form.is_valid() and sure == "ask":
        known = visible(Person, request.user).with_address(form.cleaned_data["email"]).first()
        return render(request, "partnerships/programme_role_sure.html", context | {"known": known})
    return render(request, "partnerships/programme_role_give.html", context, status=form.status)


@page(rules.give_programme_role, Programme, methods=("GET", "POST"))
def programme_role_end(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    role = _role(programme, pk)
    if request.method == "POST" or role.ended:
        actions.end_programme_role(role=role, by=request.user)
        words = {"name": role.person, "role": role.role_label}
        messages.success(request, _("%(name)s is no longer %(role)s. What they did stays on record.") % words)
        return redirect("partnerships:programme_detail", programme.ref)
    last = role.role == "coordinator" and len(programme.coordinators()) == 1 and role.counts
    return render(request, "partnerships/programme_role_end.html", {"role": role, "programme": programme, "last": last})


@page(rules.give_programme_role, Programme, methods=("GET", "POST"))
def programme_role_date(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    role = _role(programme, pk)
    form = forms.ProgrammeRoleDateForm.of(posted(request), role)
    if form.is_valid():
        changed = form.tried(actions.date_programme_role, role=role, by=request.user, **form.cleaned_data)
        if changed is not None:
            messages.success(request, _("The days are corrected.") if changed else _("Nothing was different."))
            return redirect("partnerships:programme_detail", programme.ref)
    context = {"form": form, "role": role, "programme": programme}
    return render(request, "partnerships/programme_role_date.html", context, status=form.status)


def _role(programme: Programme, pk: int) -> ProgrammeRole:
    """A role in this programme, or the 404 of one that is not there."""
    role: ProgrammeRole | None = programme.programmerole_set.filter(pk=pk).select_related("person", "programme").first()
    if role is None:
        raise Http404
    return role
