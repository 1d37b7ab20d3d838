"""Signing in and out, setting a password, and a person's own record."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts import actions, forms, rules
from accounts.kinds import CONSENT_ITEMS
from core.access import anyone, page
from core.audit import history
from core.panels import panels_of


def _door(view: type[View], **options: Any) -> Callable[..., Any]:
    """One of allauth's pages behind our guard: for everybody, GET and POST only, kept in no cache."""
    door = login_not_required(never_cache(page(anyone, methods=("GET", "POST"))(view.as_view(**options))))
    door.__module__ = __name__  # it is a page of this app
    return door


sign_in = _door(allauth.LoginView, template_name="accounts/sign_in.html", form_class=forms.LoginForm)
sign_out = _door(allauth.LogoutView, template_name="accounts/sign_out.html")
password_link = _door(allauth.PasswordResetView, template_name="accounts/password_link.html", form_class=forms.PasswordLinkForm)
password_link_sent = _door(allauth.PasswordResetDoneView, template_name="accounts/password_link_sent.html")
password_set = _door(
    allauth.PasswordResetFromKeyView, template_name="accounts/password_set.html", form_class=forms.PasswordSetForm
)
password_done = _door(allauth.PasswordResetFromKeyDoneView, template_name="accounts/password_done.html")


@page(rules.view_own_record)
def own_record(request: HttpRequest) -> HttpResponse:
    """What the site knows of the person who looks, what they agreed to, and what happened to the record."""
    user = request.user
    person = getattr(user, "person", None)
    standing = {consent.item: consent for consent in person.consent_set.all() if not consent.withdrawn_at} if person else {}
    facts = {
        "person": person,
        "items": [{"item": item, "given": standing.get(item.slug)} for item in CONSENT_ITEMS.values()] if person else [],
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
