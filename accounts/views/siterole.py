"""The roles: what each is for, and what it may do with which record in which state."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.forms import RoleForm
from accounts.reports import PLACES, described, matrix
from core.access import page, signed_in


@page(signed_in)
def role_list(request: HttpRequest) -> HttpResponse:
    """The same as docs/roles.md has; with a role in the address, what that may."""
    form = RoleForm(request.GET)
    asked = form.cleaned_data["role"] if form.is_valid() else ""
    context = {
        "filters": form,
        "tables": matrix(asked) if form.is_valid() else [],
        "places": [(title, [(role, described(role)) for role in roles.values()]) for title, roles in PLACES],
        "asked": next((roles[asked] for _title, roles in PLACES if asked in roles), None),
    }
    return render(request, "accounts/role_list.html", context)
