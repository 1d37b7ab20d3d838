"""The page "who can see this" of any record that can be shared with one person, and the end of a share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import sharing
from core.access import Verdict
from core.forms import ShareForm, posted

Act = Callable[..., Any]  # takes user=, by= and, to share, until=


def shared(request: HttpRequest, obj: Any, template: str, *, may: Verdict, act: Act, **context: Any) -> HttpResponse:
    """Who sees it, by name. For whom `may` says yes with the form to share it: `act` does it."""
    if request.method == "POST" and not may:
        raise PermissionDenied(may.reason)
    form, place = ShareForm(posted(request)), _route(obj)
    if form.is_valid():
        user, until = form.cleaned_data["email"], form.cleaned_data["until"]
        if form.tried(act, user=user, until=until, by=request.user) is not None:
            messages.success(request, _("%(name)s can read it from now on, and got a mail.") % {"name": user})
            return redirect(request.path)
    context |= {
        "obj": obj,
        "form": form,
        "may": may,
        "readers": sharing.readers(obj),
        "shares": [(share, reverse(f"{place}_unshare", args=[obj.ref, share.pk])) for share in sharing.shares(obj)],
    }
    return render(request, template, context, status=form.status)


def unshared(request: HttpRequest, obj: Any, key: int, template: str, *, act: Act, **context: Any) -> HttpResponse:
    """Asks once more, then ends the share of this key. It has to be one of this record."""
    share, back = next((share for share in sharing.shares(obj) if share.pk == key), None), f"{_route(obj)}_share"
    if share is None:
        raise Http404
    if request.method == "POST":
        act(user=share.user, by=request.user)
        messages.success(request, _("Ended. %(name)s cannot read it by the share any more.") % {"name": share.user})
        return redirect(back, obj.ref)
    context |= {"obj": obj, "share": share, "back": reverse(back, args=[obj.ref])}
    return render(request, template, context)


def _route(obj: Any) -> str:
    """One verb, one name: fitting routes are called after the model."""
    return f"{obj._meta.app_label}:{obj._meta.model_name}"
