"""The register of organisations, and the people in them."""

import secrets
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.roles import MEMBER_ROLES
from core.access import listing, page, public_listing, public_page, published, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, as_open_data, in_order, paged
from core.panels import counts_of, panels_of, showings_of, shown_on
from partnerships import actions, forms, notices, rules
from partnerships.filters import OrganisationFilter, PublicOrganisationFilter
from partnerships.models import Membership, Organisation, with_sign_in

PUBLIC = {"name": "shown_as", "kind": "kind", "city": "city", "country": "country", "jurisdiction": "jurisdiction"}
COLUMNS = {"name": "name", "kind": "kind", "city": "city", "country": "country", "people": "people_today"}
RESULT_KEPT = 3600  # seconds
MOST = 50  # departments on one page; the register has the others


@listing(rules.list_organisations, Organisation)
def organisation_list(request: HttpRequest, organisations: Any) -> HttpResponse:
    found = OrganisationFilter(request.GET, organisations)
    rows, order = in_order(request, found.qs.with_people().with_parents(), COLUMNS, "name")
    if request.GET.get("format") == "csv":
        return _as_csv(rows)
    may_add, shown = rules.add_organisation(request.user), paged(request, rows)
    alike = organisations.like(shown) if may_add else {}
    context = {
        "filters": found,
        "page": shown,
        "rows": [(each, alike.get(each.pk, [])) for each in shown],
        "order": order,
        "total": organisations.count(),
        "may_add": may_add,
    }
    return render(request, "partnerships/organisation_list.html", context)


def _as_csv(rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Registered name"), _("Short name"), _("Present to government as"), _("Kind"), _("Part of"),
        _("Level of jurisdiction"), _("Jurisdiction"), _("Legal form"), _("Registration number"), _("Legal basis"), _("Address"),
        _("E-mail for notices"), _("City"), _("Region"), _("Country"), _("Website"), _("People"),
        _("Second entry of"), _("Sensitive"),
    ]  # fmt: skip
    lines = (
        (o.ref, o.name, o.short_name, o.presented_as, o.get_kind_display() or _("Not known"), o.path(),
         o.get_jurisdiction_level_display(), o.jurisdiction, o.legal_form, o.registration, o.legal_basis, o.address,
         o.notice_email, o.city, o.region, o.country, o.website, o.people_today,
         o.same_as.ref if o.same_as else "", _("yes") if o.sensitive else _("no"))
        for o in rows
    )  # fmt: skip
    return as_csv("organisations", heads, lines)


@page(rules.add_organisation, methods=("GET", "POST"))
def organisation_add(request: HttpRequest) -> HttpResponse:
    places = visible(Organisation, request.user).in_use()
    form = forms.OrganisationAddForm(posted(request), organisations=places, initial={"parent": request.GET.get("parent", "")})
    if form.is_valid():
        organisation = form.tried(actions.add_organisation, by=request.user, **form.cleaned_data)
        if organisation:
            messages.success(request, _("%(name)s is in the register.") % {"name": organisation})
            return redirect("partnerships:organisation_detail", organisation.ref)
    typed = Organisation(name=form["name"].value() or "")
    alike = places.like([typed]).get(None, []) if "namesake" in form.errors else []
    return render(request, "partnerships/organisation_add.html", {"form": form, "alike": alike}, status=form.status)


@page(rules.view_organisation, Organisation)
def organisation_detail(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    rows = organisation.membership_set.select_related("person").order_by("person__name", "since", "pk")
    members = list(with_sign_in(rows))
    people = visible(Person, request.user).filter(pk__in={member.person_id for member in members})
    lacks, signable = rules.missing_for_agreement(organisation), rules.has_signatory(organisation)
    context = {
        "organisation": organisation,
        "members": [member for member in members if not member.ended],
        "former": sorted((member for member in members if member.ended), key=lambda member: member.until, reverse=True),
        "open_to_reader": set(people.values_list("pk", flat=True)),
        "missing": lacks if signable else [*lacks, _("a signatory who can sign in")],
        "lacks": lacks,
        "signable": signable,
        "panels": panels_of(organisation, request.user),
        "lines": history(organisation, limit=50, reader=request.user),
        "may_edit": rules.edit_organisation(request.user, organisation),
        "may_add_member": rules.add_member(request.user, organisation),
        "may_shield": rules.shield_organisation(request.user, organisation),
        **_place(request.user, organisation),
    }
    return render(request, "partnerships/organisation_detail.html", context)


def _place(user: Any, organisation: Organisation) -> dict[str, Any]:
    """Where it stands: what it is part of, what is below it with what runs there, and its other entries."""
    seen, running = visible(Organisation, user), {}
    parents, entries = organisation.parents(), [each for each in organisation.entries() if each != organisation]
    below = sorted(seen.below(organisation), key=lambda each: [(part.name, part.pk) for part in (*each.parents(), each)])
    if below:
        running = counts_of(below[:MOST], user)
    may = rules.supersede_organisation(user, organisation)
    linked = seen.filter(pk__in=[each.pk for each in (*parents, *entries)])
    return {
        "parents": parents,
        "entries": entries,
        "linked": set(linked.values_list("pk", flat=True)) if parents or entries else set(),
        "departments": [(each, each.parents()[len(parents) + 1 :], running.get(each.pk, [])) for each in below[:MOST]],
        "in_all": len(below),
        "alike": seen.like([organisation]).get(organisation.pk, []) if may and not organisation.same_as_id else [],
        "may_supersede": may,
        "may_add": rules.add_organisation(user),
        "may_correct": rules.correct_organisation(user, organisation),
    }


@page(rules.edit_organisation, Organisation, methods=("GET", "POST"))
def organisation_edit(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    places = visible(Organisation, request.user).in_use(organisation.parent)
    form = forms.OrganisationEditForm.of(posted(request), organisation, places.exclude(pk=organisation.pk))
    if form.is_valid():
        facts = {"organisation": organisation, "facts": form.cleaned_data, "by": request.user}
        changed = form.tried(actions.edit_organisation, **facts)
        if changed is not None:
            return _saved(request, organisation, changed)
    return render(
        request, "partnerships/organisation_edit.html", {"form": form, "organisation": organisation}, status=form.status
    )


def _saved(request: HttpRequest, organisation: Organisation, changed: list[str]) -> HttpResponse:
    messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
    return redirect("partnerships:organisation_detail", organisation.ref)


@page(rules.correct_organisation, Organisation, methods=("GET", "POST"))
def organisation_correct(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What its own leads say of it."""
    form = forms.OrganisationCorrectForm.of(posted(request), organisation)
    if form.is_valid():
        facts = {"organisation": organisation, "facts": form.cleaned_data, "by": request.user}
        changed = form.tried(actions.correct_organisation, **facts)
        if changed is not None:
            return _saved(request, organisation, changed)
    context = {"form": form, "organisation": organisation}
    return render(request, "partnerships/organisation_correct.html", context, status=form.status)


@page(rules.supersede_organisation, Organisation, methods=("GET", "POST"))
def organisation_supersede(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """It is the same organisation as another entry, which is kept."""
    others = visible(Organisation, request.user).in_use().exclude(pk=organisation.pk)
    form = forms.OrganisationSupersedeForm(posted(request), organisations=others, initial={"kept": request.GET.get("kept", "")})
    if form.is_valid():
        kept = form.cleaned_data["kept"]
        form.tried(actions.supersede_organisation, organisation=organisation, by=request.user, **form.cleaned_data)
        if not form.errors:
            words = {"name": organisation, "kept": kept}
            messages.success(request, _("%(name)s is a second entry of %(kept)s from now on.") % words)
            return redirect("partnerships:organisation_detail", organisation.ref)
    context = {"form": form, "organisation": organisation}
    return render(request, "partnerships/organisation_supersede.html", context, status=form.status)


@page(rules.reinstate_organisation, Organisation, methods=("GET", "POST"))
def organisation_reinstate(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """They are two organisations after all."""
    form = forms.OrganisationReinstateForm(posted(request))
    if form.is_valid():
        actions.reinstate_organisation(organisation=organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is an organisation of its own again.") % {"name": organisation})
        return redirect("partnerships:organisation_detail", organisation.ref)
    context = {"form": form, "organisation": organisation}
    return render(request, "partnerships/organisation_reinstate.html", context, status=form.status)


@page(rules.shield_organisation, Organisation, methods=("GET", "POST"))
def organisation_shield(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Takes it off every public page, or lets it be there again; with what is public of it now."""
    form = forms.OrganisationShieldForm(posted(request), initial={"sensitive": "no" if organisation.sensitive else "yes"})
    if form.is_valid():
        facts = {"organisation": organisation, "reason": form.cleaned_data["reason"], "by": request.user}
        if form.cleaned_data["sensitive"] == "yes":
            actions.shield_organisation(**facts)
            said = _("%(name)s is on no public page from now on.")
        else:
            actions.unshield_organisation(**facts)
            said = _("%(name)s is not sensitive any more. What was published of it is public again.")
        messages.success(request, said % {"name": organisation})
        return redirect("partnerships:organisation_detail", organisation.ref)
    unmarked = visible(Organisation, request.user).below(organisation).filter(sensitive=False)
    context = {"form": form, "organisation": organisation, "panels": shown_on(organisation), "unmarked": unmarked}
    return render(request, "partnerships/organisation_shield.html", context, status=form.status)


@page(rules.add_member, Organisation, methods=("GET", "POST"))
def member_add(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = forms.MemberAddForm(posted(request), initial={"role": request.GET.get("role", "")}, kind=organisation.kind)
    if form.is_valid():
        member = form.tried(actions.invite_member, organisation=organisation, by=request.user, **form.cleaned_data)
        if member:
            words = {"name": member.person, "role": member.role_label, "organisation": organisation}
            messages.success(request, _("%(name)s is %(role)s of %(organisation)s and was told by e-mail.") % words)
            return redirect("partnerships:organisation_detail", organisation.ref)
    return render(request, "partnerships/member_add.html", {"form": form, "organisation": organisation}, status=form.status)


@page(rules.add_member, Organisation, methods=("GET", "POST"))
def members_invite(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Lines that were pasted; then who gets which mail, and why others get none; then it is done."""
    if "done" in request.GET and request.method == "GET":
        return _members_invited(request, organisation)
    form, sure = forms.MembersInviteForm(posted(request), kind=organisation.kind), request.POST.get("sure", "ask")
    context: dict[str, Any] = {"form": form, "organisation": organisation, "roles": MEMBER_ROLES.values()}
    if form.is_valid() and sure == "yes":
        done = form.tried(actions.invite_members, organisation=organisation, lines=form.lines, by=request.user)
        if done is not None:
            token = secrets.token_urlsafe(12)
            cache.set(_result_key(request, organisation, token), done, RESULT_KEPT)
            return redirect(f"{reverse('partnerships:members_invite', args=[organisation.ref])}?{urlencode({'done': token})}")
    if form.is_valid() and sure == "ask":
        looks = rules.look_at_lines(request.user, organisation, form.lines)
        invited = [(line, look.person) for line, look in looks if look.goes == "invited"]
        people = visible(Person, request.user).filter(pk__in=[look.person.pk for _line, look in looks if look.person])
        context |= {
            "looks": looks,
            "known": set(people.values_list("pk", flat=True)),
            "invited": len(invited),
            "told": len([look for _line, look in looks if look.goes == "told"]),
            "mails": notices.drafts_to(organisation, invited, request.user),
        }
        return render(request, "partnerships/members_invite_sure.html", context)
    return render(request, "partnerships/members_invite.html", context, status=form.status)


def _result_key(request: HttpRequest, organisation: Organisation, token: str) -> str:
    """Of nobody but who pasted the lines: they name people whom the register may not have."""
    return f"members_invited:{request.user.pk}:{organisation.pk}:{token[:40]}"


def _members_invited(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What became of each line, for an hour: it quotes what was typed, and no table keeps that."""
    done = cache.get(_result_key(request, organisation, quote(request.GET["done"])))
    if done is None:
        said = _("What became of each line is kept for an hour. The people of the organisation and the invitations to it stay.")
        messages.info(request, said)
        return redirect("partnerships:organisation_detail", organisation.ref)
    return render(request, "partnerships/members_invited.html", {"organisation": organisation, "done": done})


@page(rules.add_member, Organisation, methods=("GET", "POST"))
def membership_end(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    member = _member(organisation, pk)
    if request.method == "POST" or member.ended:
        actions.end_membership(membership=member, by=request.user)
        words = {"name": member.person, "role": member.role_label}
        messages.success(request, _("%(name)s is no longer %(role)s. What they did stays on record.") % words)
        return redirect("partnerships:organisation_detail", organisation.ref)
    return render(request, "partnerships/membership_end.html", {"member": member, "organisation": organisation})


@page(rules.add_member, Organisation, methods=("GET", "POST"))
def membership_date(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    member = _member(organisation, pk)
    form = forms.MembershipDateForm.of(posted(request), member)
    if form.is_valid():
        changed = form.tried(actions.date_membership, membership=member, by=request.user, **form.cleaned_data)
        if changed is not None:
            messages.success(request, _("The days are corrected.") if changed else _("Nothing was different."))
            return redirect("partnerships:organisation_detail", organisation.ref)
    context = {"form": form, "member": member, "organisation": organisation}
    return render(request, "partnerships/membership_date.html", context, status=form.status)


def _member(organisation: Organisation, pk: int) -> Membership:
    """A role in this organisation, or the 404 of one that is not there."""
    member: Membership | None = organisation.membership_set.filter(pk=pk).select_related("person", "organisation").first()
    if member is None:
        raise Http404
    return member


# What the public sees.


@public_listing(Organisation)
def public_organisation_list(request: HttpRequest, organisations: Any) -> HttpResponse:
    """Everybody of whom something is public, with how much."""
    found = PublicOrganisationFilter(request.GET, organisations)
    rows, order = in_order(request, found.qs.labelled().with_parents(), PUBLIC, "name")
    showings = showings_of("partnerships.organisation")
    columns = ["name", "registered_name", "part_of", "kind", "jurisdiction_level", "jurisdiction", "city", "country", "website"]
    columns += [*(showing.name for showing in showings), "address"]
    if (answer := as_open_data(request, "organisations", columns, lambda: map(_open, _counted(rows)))) is not None:
        return answer
    shown = paged(request, rows)
    context = {
        "filters": found,
        "page": shown,
        "rows": list(_counted(shown)),
        "order": order,
        "total": organisations.count(),
    }
    return render(request, "partnerships/public_organisation_list.html", context)


def _counted(rows: Iterable[Organisation]) -> Iterable[tuple[Organisation, list[tuple[Any, int]]]]:
    """Each with (what an app shows of it, how many), in as many queries as there are apps that show something."""
    among = list(rows)
    counts = [(showing, showing.counts(among)) for showing in showings_of("partnerships.organisation")]
    return [(row, [(showing, numbers.get(row.pk, 0)) for showing, numbers in counts]) for row in among]


def _open(counted: tuple[Organisation, list[tuple[Any, int]]]) -> dict[str, Any]:
    row, numbers = counted
    return {
        "name": row.label,
        "registered_name": row.name,
        "part_of": [{"name": each.label} for each in row.public_parents()],
        "kind": row.get_kind_display(),
        "jurisdiction_level": row.get_jurisdiction_level_display(),
        "jurisdiction": row.jurisdiction,
        "city": row.city,
        "country": row.country,
        "website": row.website,
        **{showing.name: number for showing, number in numbers},
        "address": urljoin(settings.BASE_URL, reverse("public_organisation", args=[row.ref])),
    }


@public_page(Organisation)
def public_organisation(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What the records that are public say of it: of the register its names, kind, place and website, and nothing else."""
    parents, entries = organisation.public_parents(), [each for each in organisation.entries() if each != organisation]
    below = list(organisation.departments.filter(sensitive=False).values_list("pk", flat=True))
    named = [*below, *(each.pk for each in (*parents, *entries))]
    public = {each.pk: each for each in published(Organisation).filter(pk__in=named)} if named else {}
    context = {
        "organisation": organisation,
        "parents": parents,
        "entries": [each for each in entries if each.pk in public],
        "open_to_all": set(public),
        "departments": sorted((public[key] for key in below if key in public), key=lambda each: (each.label.casefold(), each.pk)),
        "panels": shown_on(organisation),
    }
    return render(request, "partnerships/public_organisation.html", context)
