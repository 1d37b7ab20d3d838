"""The people of a cycle: the list, one of them, who joins, who leaves and who follows."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Invitation
from accounts.views import shielded
from core.access import page, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from fellowships import actions, forms, notices, rules
from fellowships.filters import FellowFilter
from fellowships.models import Cycle, Fellow, Placement
from fellowships.states import OVER, PlacementState

COLUMNS = {"name": "person__name", "home": "home", "state": "state", "left": "left_on"}


@page(rules.view_cycle, Cycle)
def fellow_list(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    cohort = visible(Fellow, request.user).filter(cycle=cycle)
    found = FellowFilter(request.GET, cohort)
    rows, order = in_order(request, found.qs.with_placements(visible(Placement, request.user)), COLUMNS, "name")
    if request.GET.get("format") == "csv":
        return _as_csv(cycle, rows)
    context = {
        "cycle": cycle,
        "filters": found,
        "page": paged(request, rows),
        "order": order,
        "counts": cohort.counts(),
        "inside": rules.view_cohort(request.user, cycle),
        "may_add": rules.edit_cycle(request.user, cycle),
    }
    return render(request, "fellowships/fellow_list.html", context)


def _as_csv(cycle: Cycle, rows: Any) -> HttpResponse:
    heads = [
        _("Reference"), _("Name"), _("State"), _("Hosts"), _("Projects"), _("Home"), _("Skills"), _("Left on"), _("Reason"),
    ]  # fmt: skip
    lines = (
        (f.ref, f.person.name, f.outlook()[0], "; ".join(p.host.organisation.name for p in f.shown),
         "; ".join(p.project.title for p in f.shown if p.project), f.home, "; ".join(f.skills), f.left_on, f.reason)
        for f in rows
    )  # fmt: skip
    return as_csv(f"fellows-{cycle.ref}", heads, lines)


@page(rules.edit_cycle, Cycle, methods=("GET", "POST"))
def fellow_add(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    form = forms.FellowAddForm(posted(request))
    if form.is_valid():
        fellow = form.tried(actions.invite_fellow, cycle=cycle, by=request.user, **form.cleaned_data)
        if fellow:
            messages.success(request, _("%(name)s takes part in %(cycle)s.") % {"name": fellow, "cycle": cycle})
            return redirect("fellowships:fellow_detail", fellow.ref)
    return render(request, "fellowships/fellow_add.html", {"form": form, "cycle": cycle}, status=form.status)


@page(rules.view_fellow, Fellow)
def fellow_detail(request: HttpRequest, fellow: Fellow) -> HttpResponse:
    user, others = request.user, visible(Fellow, request.user).select_related("person")
    placements = visible(Placement, user).filter(fellow=fellow).with_words().with_cover().order_by("-pk")
    shown = [(placement, *placement.outlook()) for placement in placements]
    may_edit = rules.edit_cycle(user, fellow.cycle)
    context = {
        "fellow": fellow,
        "own": fellow.person_id == user.person_id,
        "placements": shown,
        "standing": any(placement.state != PlacementState.WITHDRAWN for placement, _word, _tone in shown),
        "before": others.filter(pk=fellow.replaces_id).first(),
        "after": others.filter(replaces=fellow).first(),
        "lines": history(fellow, *placements, limit=50, reader=request.user),
        "may_edit": may_edit,
        "sign_in": fellow.person.sign_in() if may_edit else None,
        "invitation": visible(Invitation, user).filter(person=fellow.person).order_by("-pk").first() if may_edit else None,
        "may_invite": may_edit and rules.invite_fellow(user, fellow),
        "may_place": may_edit and rules.add_placement(user, fellow),
        "may_withdraw": may_edit and rules.withdraw_fellow(user, fellow),
        "may_replace": may_edit and rules.replace_fellow(user, fellow),
    }
    return render(request, "fellowships/fellow_detail.html", context)


@page(rules.edit_fellow, Fellow, methods=("GET", "POST"))
def fellow_edit(request: HttpRequest, fellow: Fellow) -> HttpResponse:
    may_rename = rules.rename_fellow(request.user, fellow)
    form = forms.FellowEditForm.of(posted(request), fellow, bool(may_rename))
    if form.is_valid():
        changed = form.tried(actions.edit_fellow, fellow=fellow, facts=form.cleaned_data, by=request.user)
        if changed is not None:
            messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
            return redirect("fellowships:fellow_detail", fellow.ref)
    context = {"form": form, "fellow": fellow, "may_rename": may_rename}
    return render(request, "fellowships/fellow_edit.html", context, status=form.status)


@page(rules.invite_fellow, Fellow, methods=("GET", "POST"))
def fellow_invite(request: HttpRequest, fellow: Fellow) -> HttpResponse:
    form, confirm = forms.FellowInviteForm(posted(request), fellow=fellow), request.POST.get("confirm")
    if form.is_valid() and confirm == "yes":
        user = form.tried(actions.open_fellow_sign_in, fellow=fellow, by=request.user, **form.cleaned_data)
        if user:
            words = {"name": fellow, "address": user.email}
            messages.success(request, _("%(name)s is invited. The mail goes to %(address)s.") % words)
            return redirect("fellowships:fellow_detail", fellow.ref)
    asked = form.cleaned_data["email"] if form.is_valid() and confirm is None else ""
    mails = notices.drafts_to(fellow.cycle, [(fellow.person, asked)], request.user) if asked else []
    context = {"form": form, "fellow": fellow, "address": asked, "mails": mails}
    return render(request, "fellowships/fellow_invite.html", context, status=form.status)


@page(rules.invite_cohort, Cycle, methods=("GET", "POST"))
def cohort_invite(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Who gets the mail, who does not and why; addresses that are missing; the mail itself; then it is done."""
    guests, sure = rules.look_at_cohort(cycle), request.POST.get("sure", "ask")
    form = forms.CohortInviteForm(posted(request), guests=guests)
    if form.is_valid() and sure == "yes":
        done = form.tried(actions.invite_cohort, cycle=cycle, addresses=form.addresses, by=request.user)
        if done is not None:
            _tell(request, done)
            return redirect("fellowships:cohort_invite", cycle.ref)
    checked = form.is_valid() and sure == "ask"
    addresses = form.addresses if checked else {guest.fellow.ref: guest.address for guest in guests if guest.goes}
    looks = [(guest, addresses.get(guest.fellow.ref, ""), _hindered(request, guest, addresses)) for guest in guests]
    goes = [(guest.fellow.person, address) for guest, address, why in looks if address and not why]
    context = {
        "form": form,
        "cycle": cycle,
        "looks": looks,
        "goes": goes,
        "mails": notices.drafts_to(cycle, goes[:1], request.user),
    }
    template = "fellowships/cohort_invite_sure.html" if checked else "fellowships/cohort_invite.html"
    return render(request, template, context, status=form.status)


def _hindered(request: HttpRequest, guest: rules.Guest, addresses: dict[str, str]) -> str:
    """Why nothing goes to the address that stands there for them; "" also where none does."""
    address = addresses.get(guest.fellow.ref, "")
    return rules.why_not_invited(request.user, guest, address) if address else ""


def _tell(request: HttpRequest, done: list[Any]) -> None:
    """How many, and each who was passed over."""
    number = sum(each.invited for each in done)
    if number:
        said = ngettext(
            "%(n)s person is invited. The mail leaves within a minute.",
            "%(n)s people are invited. The mails leave within a minute.",
            number,
        )
        messages.success(request, said % {"n": number})
    for each in done:
        if not each.invited:
            messages.warning(request, _("%(name)s was not invited now: %(why)s") % {"name": each.fellow, "why": each.why})
    if not done:
        messages.info(request, _("There was nobody to invite."))


@page(rules.withdraw_fellow, Fellow, methods=("GET", "POST"), fresh=True)
def fellow_withdraw(request: HttpRequest, fellow: Fellow) -> HttpResponse:
    form = forms.FellowWithdrawForm(posted(request), programme=fellow.cycle.programme)
    if form.is_valid():
        actions.withdraw_fellow(fellow=fellow, by=request.user, **form.cleaned_data)
        words = {"name": fellow, "day": date_format(form.cleaned_data["left_on"], "j F Y")}
        messages.success(request, _("%(name)s left on %(day)s. The place stays; somebody can follow in it.") % words)
        return redirect("fellowships:fellow_detail", fellow.ref)
    placements = visible(Placement, request.user).filter(fellow=fellow).exclude(state__in=OVER).with_words()
    context = {"form": form, "fellow": fellow, "placements": placements}
    return render(request, "fellowships/fellow_withdraw.html", context, status=form.status)


@page(rules.shield_fellow, Fellow, methods=("GET", "POST"))
def fellow_shield(request: HttpRequest, fellow: Fellow) -> HttpResponse:
    """The person, not this part alone: every public page follows."""
    where, template = "fellowships:fellow_detail", "fellowships/fellow_shield.html"
    return shielded(request, fellow.person, template, where, fellow.ref, fellow=fellow)


@page(rules.replace_fellow, Fellow, methods=("GET", "POST"))
def fellow_replace(request: HttpRequest, fellow: Fellow) -> HttpResponse:
    form = forms.FellowReplaceForm(posted(request))
    if form.is_valid():
        facts = {"cycle": fellow.cycle, "replaces": fellow, "by": request.user, **form.cleaned_data}
        follower = form.tried(actions.invite_fellow, **facts)
        if follower:
            messages.success(request, _("%(name)s follows %(left)s.") % {"name": follower, "left": fellow})
            return redirect("fellowships:fellow_detail", follower.ref)
    return render(request, "fellowships/fellow_replace.html", {"form": form, "fellow": fellow}, status=form.status)
