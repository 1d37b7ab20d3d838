"""The register of organisations, the people in them, and what a programme's time limits follow."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.access import listing, page, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from core.panels import panels_of
from partnerships import actions, forms, rules
from partnerships.filters import OrganisationFilter
from partnerships.models import Membership, Organisation, Programme, with_sign_in

COLUMNS = {"name": "name", "kind": "kind", "city": "city", "country": "country", "people": "people_today"}


@listing(rules.list_organisations, Organisation)
def organisation_list(request: HttpRequest, organisations: Any) -> HttpResponse:
    found = OrganisationFilter(request.GET, organisations)
    rows, order = in_order(request, found.qs.with_people(), COLUMNS, "name")
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    context = {
        "filters": found,
        "page": paged(request, rows),
        "order": order,
        "total": organisations.count(),
        "may_add": rules.add_organisation(request.user),
    }
    return render(request, "partnerships/organisation_list.html", context)


def _as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Registered name"), _("Short name"), _("Kind"), _("Legal form"), _("Registration number"),
        _("Legal basis"), _("Address"), _("E-mail for notices"), _("City"), _("Region"), _("Country"), _("Website"), _("People"),
    ]  # fmt: skip
    lines = (
        (o.ref, o.name, o.short_name, o.get_kind_display() or _("Not known"), o.legal_form, o.registration, o.legal_basis,
         o.address, o.notice_email, o.city, o.region, o.country, o.website, o.people_today)
        for o in rows
    )  # fmt: skip
    return as_csv("organisations", heads, lines)


@page(rules.add_organisation, methods=("GET", "POST"))
def organisation_add(request: HttpRequest) -> HttpResponse:
    form = forms.OrganisationAddForm(posted(request))
    if form.is_valid():
        organisation = form.tried(actions.add_organisation, by=request.user, **form.cleaned_data)
        if organisation:
            messages.success(request, _("%(name)s is in the register.") % {"name": organisation})
            return redirect("partnerships:organisation_detail", organisation.ref)
    return render(request, "partnerships/organisation_add.html", {"form": form}, status=form.status)


@page(rules.view_organisation, Organisation)
def organisation_detail(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    members = with_sign_in(organisation.membership_set.select_related("person").order_by("person__name", "since", "pk"))
    context = {
        "organisation": organisation,
        "members": [member for member in members if not member.ended],
        "former": sorted((member for member in members if member.ended), key=lambda member: member.until, reverse=True),
        "missing": rules.missing_for_agreement(organisation),
        "panels": panels_of(organisation, request.user),
        "lines": history(organisation, limit=50),
        "may_edit": rules.edit_organisation(request.user, organisation),
        "may_add_member": rules.add_member(request.user, organisation),
    }
    return render(request, "partnerships/organisation_detail.html", context)


@page(rules.edit_organisation, Organisation, methods=("GET", "POST"))
def organisation_edit(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = forms.OrganisationEditForm.of(posted(request), organisation)
    if form.is_valid():
        changed = actions.edit_organisation(organisation=organisation, facts=form.cleaned_data, by=request.user)
        messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
        return redirect("partnerships:organisation_detail", organisation.ref)
    return render(
        request, "partnerships/organisation_edit.html", {"form": form, "organisation": organisation}, status=form.status
    )


@page(rules.add_member, Organisation, methods=("GET", "POST"))
def member_add(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = forms.MemberAddForm(posted(request), initial={"role": request.GET.get("role", "")})
    if form.is_valid():
        member = form.tried(actions.invite_member, organisation=organisation, by=request.user, **form.cleaned_data)
        if member:
            words = {"name": member.person, "role": member.role_label, "organisation": organisation}
            messages.success(request, _("%(name)s is %(role)s of %(organisation)s and was told by e-mail.") % words)
            return redirect("partnerships:organisation_detail", organisation.ref)
    return render(request, "partnerships/member_add.html", {"form": form, "organisation": organisation}, status=form.status)


@page(rules.add_member, Organisation, methods=("GET", "POST"))
def membership_end(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    member: Membership | None = organisation.membership_set.filter(pk=pk).select_related("person", "organisation").first()
    if member is None:
        raise Http404
    if request.method == "POST" or member.ended:
        actions.end_membership(membership=member, by=request.user)
        words = {"name": member.person, "role": member.role_label}
        messages.success(request, _("%(name)s is no longer %(role)s. What they did stays on record.") % words)
        return redirect("partnerships:organisation_detail", organisation.ref)
    return render(request, "partnerships/membership_end.html", {"member": member, "organisation": organisation})


@page(rules.edit_programme, Programme, methods=("GET", "POST"))
def programme_edit(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = forms.ProgrammeEditForm.of(posted(request), programme, visible(Organisation, request.user))
    back = _back(request)
    if form.is_valid():
        actions.edit_programme(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The changes to %(name)s are saved.") % {"name": programme})
        return redirect(back or request.path)
    context = {"form": form, "programme": programme, "back": back}
    return render(request, "partnerships/programme_edit.html", context, status=form.status)


def _back(request: HttpRequest) -> str:
    """Where at the desk one came from, as ?back= says; "" for anywhere else."""
    back = request.GET.get("back", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/desk/") and back.isprintable()
    return back if here else ""
