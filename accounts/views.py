"""Signing in and out, setting a password, and a person's own record."""

from allauth.account import views as allauth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import actions, rules
from accounts.forms import PasswordLinkForm
from accounts.kinds import CONSENT_ITEMS
from core.access import anyone, page


def _door(view: type, **options: object) -> object:
    """One of allauth's pages behind our guard: for everybody, GET and POST only."""
    return login_not_required(page(anyone, methods=("GET", "POST"))(view.as_view(**options)))


sign_in = _door(allauth.LoginView, template_name="accounts/sign_in.html")
sign_out = _door(allauth.LogoutView, template_name="accounts/sign_out.html")
password_link = _door(allauth.PasswordResetView, template_name="accounts/password_link.html", form_class=PasswordLinkForm)
password_link_sent = _door(allauth.PasswordResetDoneView, template_name="accounts/password_link_sent.html")
password_set = _door(allauth.PasswordResetFromKeyView, template_name="accounts/password_set.html")
password_done = _door(allauth.PasswordResetFromKeyDoneView, template_name="accounts/password_done.html")


@page(rules.view_own_record)
def own_record(request: HttpRequest) -> HttpResponse:
    person = request.user.person
    standing = {c.item for c in person.consent_set.all() if c.withdrawn_at is None} if person else set()
    items = [{"item": item, "given": item.slug in standing} for item in CONSENT_ITEMS.values()] if person else []
    return render(request, "accounts/own_record.html", {"person": person, "items": items})


@page(rules.view_own_record, methods=("POST",))
def consent_set(request: HttpRequest, item: str) -> HttpResponse:
    person = request.user.person
    if item not in CONSENT_ITEMS or person is None:
        raise Http404
    if request.POST.get("agree") == "yes":
        actions.give_consent(person=person, item=item, by=request.user)
        messages.success(request, _("Agreed. You can take this back here at any time."))
    else:
        actions.withdraw_consent(person=person, item=item, by=request.user)
        messages.success(request, _("Taken back. It is gone from every public page."))
    return redirect("accounts:own_record")
