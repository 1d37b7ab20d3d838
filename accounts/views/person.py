"""One's own record, and other people's sign-ins."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import actions, forms, rules
from accounts.filters import PersonFilter
from accounts.kinds import CONSENT_ITEMS, SignInState
from accounts.models import Invitation, Person, erasure_of
from core.access import listing, page, visible
from core.audit import history
from core.forms import posted
from core.lists import as_csv, in_order, paged
from core.panels import panels_of

COLUMNS = {"name": "name", "email": "email", "sign_in": "sign_in_state", "seen": "last_login"}


@page(rules.view_own_record)
def own_record(request: HttpRequest) -> HttpResponse:
    """What the site knows of the person who looks, what they agreed to, and what happened to the record."""
    user = request.user
    person = getattr(user, "person", None)
    standing = {consent.item: consent for consent in person.consent_set.all() if not consent.withdrawn_at} if person else {}
    facts = {
        "person": person,
        "items": [{"item": item, "given": standing.get(item.slug)} for item in CONSENT_ITEMS.values()] if person else [],
        "erasure": erasure_of(person) if person else None,
        "panels": panels_of(user, user),
        "history": history(person) if person else [],
    }
    return render(request, "accounts/own_record.html", facts)


@page(rules.view_own_record, methods=("POST",))
def consent_set(request: HttpRequest, item: str) -> HttpResponse:
    person = getattr(request.user, "person", None)
    if item not in CONSENT_ITEMS or person is None:
        raise Http404
    if request.POST.get("agree") == "yes":
        actions.give_consent(person=person, item=item, by=request.user)
        messages.success(request, _("Agreed. You can take this back here at any time."))
    else:
        actions.withdraw_consent(person=person, item=item, by=request.user)
        messages.success(request, _("Taken back. It is gone from every public page."))
    return redirect("accounts:own_record")


@page(rules.shield_own, methods=("GET", "POST"))
def own_shield(request: HttpRequest) -> HttpResponse:
    """Of oneself, at once: nobody has to be asked."""
    return shielded(request, request.user.person, "accounts/own_shield.html", "accounts:own_record")


@listing(rules.list_people, Person)
def person_list(request: HttpRequest, people: Any) -> HttpResponse:
    """Who keeps sign-ins in order sees whom they may look after."""
    found = PersonFilter(request.GET, people.with_sign_in())
    rows, order = in_order(request, found.qs, COLUMNS, "name")
    if request.GET.get("format") == "csv":
        heads = [_("Reference"), _("Name"), _("E-mail address"), _("Sign-in"), _("Last signed in"), _("Sensitive")]
        return as_csv("people", heads, map(_line, rows))
    shown = paged(request, rows)
    context = {
        "filters": found,
        "page": shown,
        "rows": [(person, _state(person)) for person in shown],
        "order": order,
        "total": people.count(),
    }
    return render(request, "accounts/person_list.html", context)


def _line(person: Any) -> tuple[Any, ...]:
    """Of the CSV file."""
    sensitive = _("yes") if person.sensitive else _("no")
    return person.ref, person.name, person.email, _state(person).label, person.last_login, sensitive


def _state(person: Any) -> SignInState:
    return SignInState(person.sign_in_state)


@page(rules.view_person, Person)
def person_detail(request: HttpRequest, person: Person) -> HttpResponse:
    """How they sign in, what they hold as far as the reader sees it, and what happened to the record."""
    user, own = person.sign_in(), getattr(request.user, "person_id", None) == person.pk
    context = {
        "person": person,
        "sign_in": user,
        "state": user.state if user else SignInState.NONE,
        "may_keep": rules.keep_sign_in(request.user, person),
        "may_change_address": rules.change_address(request.user, person),
        "may_clear_steps": rules.clear_steps(request.user, person),
        "may_shield": rules.shield_person(request.user, person),
        "may_answer": rules.answer_request(request.user, person) if not (own or person.erased_at) else None,
        "invitation": visible(Invitation, request.user).filter(person=person).order_by("-pk").first(),
        "panels": panels_of(person, request.user),
        "lines": history(person, limit=50, reader=request.user),
    }
    return render(request, "accounts/person_detail.html", context)


@page(rules.keep_sign_in, Person, methods=("GET", "POST"), fresh=True)
def sign_in_deactivate(request: HttpRequest, person: Person) -> HttpResponse:
    """A second click finds it done."""
    if not rules.deactivate_sign_in(request.user, person):
        return redirect("accounts:person_detail", person.ref)
    form = forms.SignInDeactivateForm(posted(request))
    if form.is_valid():
        actions.deactivate_sign_in(person=person, by=request.user, **form.cleaned_data)
        messages.success(request, _("The sign-in of %(name)s is deactivated, and every session is closed.") % {"name": person})
        return redirect("accounts:person_detail", person.ref)
    context = {"form": form, "person": person, "panels": panels_of(person, request.user)}
    return render(request, "accounts/sign_in_deactivate.html", context, status=form.status)


@page(rules.keep_sign_in, Person, methods=("GET", "POST"), fresh=True)
def sign_in_reactivate(request: HttpRequest, person: Person) -> HttpResponse:
    """A second click finds it done."""
    if not rules.reactivate_sign_in(request.user, person):
        return redirect("accounts:person_detail", person.ref)
    form = forms.SignInReactivateForm(posted(request))
    if form.is_valid():
        actions.reactivate_sign_in(person=person, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s can sign in again and was told by e-mail how.") % {"name": person})
        return redirect("accounts:person_detail", person.ref)
    context = {"form": form, "person": person, "sign_in": person.sign_in(), "panels": panels_of(person, request.user)}
    return render(request, "accounts/sign_in_reactivate.html", context, status=form.status)


@page(rules.shield_person, Person, methods=("GET", "POST"))
def person_shield(request: HttpRequest, person: Person) -> HttpResponse:
    return shielded(request, person, "accounts/person_shield.html", "accounts:person_detail", person.ref)


def shielded(request: HttpRequest, person: Person, template: str, where: str, *args: str, **context: Any) -> HttpResponse:
    """Says that somebody is sensitive, or is so no longer, and goes `where` when it is done."""
    form = forms.PersonShieldForm(posted(request), initial={"sensitive": "no" if person.sensitive else "yes"})
    if form.is_valid():
        facts = {"person": person, "reason": form.cleaned_data["reason"], "by": request.user}
        if form.cleaned_data["sensitive"] == "yes":
            actions.shield_person(**facts)
            said = _("%(name)s is named on no public page from now on.")
        else:
            actions.unshield_person(**facts)
            said = _("%(name)s is not sensitive any more, and named where they agree to it.")
        messages.success(request, said % {"name": person})
        return redirect(where, *args)
    return render(request, template, {"form": form, "person": person, **context}, status=form.status)


@page(rules.change_address, Person, methods=("GET", "POST"), fresh=True)
def address_change(request: HttpRequest, person: Person) -> HttpResponse:
    form = forms.AddressChangeForm(posted(request))
    if form.is_valid() and form.tried(actions.change_address, person=person, by=request.user, **form.cleaned_data):
        words = _("%(name)s signs in with the new address from now on. Both addresses were told.")
        messages.success(request, words % {"name": person})
        return redirect("accounts:person_detail", person.ref)
    context = {"form": form, "person": person, "sign_in": person.sign_in()}
    return render(request, "accounts/address_change.html", context, status=form.status)


@page(rules.clear_steps, Person, methods=("GET", "POST"), fresh=True)
def second_step_clear(request: HttpRequest, person: Person) -> HttpResponse:
    form = forms.SecondStepClearForm(posted(request))
    if form.is_valid():
        actions.clear_steps(person=person, by=request.user, **form.cleaned_data)
        words = _("%(name)s comes in with a new password and sets up a new second step. A mail says so.")
        messages.success(request, words % {"name": person})
        return redirect("accounts:person_detail", person.ref)
    context = {"form": form, "person": person, "sign_in": person.sign_in()}
    return render(request, "accounts/second_step_clear.html", context, status=form.status)
