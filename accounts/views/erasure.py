"""Erasing somebody: asked for, answered, decided on figures, done by a job."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import actions, forms, rules
from accounts.models import Erasure, Person, erasure_of
from core.access import page
from core.erasing import Plan, plan
from core.forms import posted
from core.privacy import End, subject_of


@page(rules.own_data, methods=("GET", "POST"), fresh=True)
def erasure_ask(request: HttpRequest) -> HttpResponse:
    """Of oneself. What is kept and why stands there before."""
    person = request.user.person
    form = forms.ErasureAskForm(posted(request))
    if form.is_valid():
        erasure = form.tried(actions.ask_erasure, person=person, by=request.user, **form.cleaned_data)
        if erasure is not None:
            messages.success(request, _("Your request is with the administrators of this site. They answer within a month."))
            return redirect("accounts:own_record")
    context = {"form": form, "erasure": erasure_of(person), "ties": rules.ties_of(person), **_figures(plan(subject_of(person)))}
    return render(request, "accounts/erasure_ask.html", context, status=form.status)


@page(rules.take_back_erasure, Erasure, methods=("POST",))
def erasure_take_back(request: HttpRequest, erasure: Erasure) -> HttpResponse:
    actions.take_back_erasure(erasure=erasure, by=request.user)
    messages.success(request, _("Taken back. Nothing is erased."))
    return redirect("accounts:own_record")


@page(rules.view_erasure, Erasure)
def erasure_detail(request: HttpRequest, erasure: Erasure) -> HttpResponse:
    """A request, what was decided and what came of it."""
    context = {
        "erasure": erasure,
        "person": erasure.person,
        "may_refuse": rules.refuse_erasure(request.user, erasure),
        "may_erase": rules.erase_person(request.user, erasure.person) if not erasure.confirmed_at else None,
    }
    return render(request, "accounts/erasure_detail.html", context)


@page(rules.refuse_erasure, Erasure, methods=("GET", "POST"))
def erasure_refuse(request: HttpRequest, erasure: Erasure) -> HttpResponse:
    form = forms.ErasureRefuseForm(posted(request))
    if form.is_valid():
        actions.refuse_erasure(erasure=erasure, by=request.user, **form.cleaned_data)
        messages.success(request, _("Answered. %(name)s gets the reason by mail.") % {"name": erasure.person})
        return redirect("accounts:erasure_detail", erasure.ref)
    context = {"form": form, "erasure": erasure, "person": erasure.person, "ties": rules.ties_of(erasure.person)}
    return render(request, "accounts/erasure_refuse.html", context, status=form.status)


@page(rules.answer_request, Person, methods=("GET", "POST"), fresh=True)
def person_erase(request: HttpRequest, person: Person) -> HttpResponse:
    """The dry run, and the decision on it."""
    subject = subject_of(person).looking_for(request.POST.get("also", "").splitlines()[:10])
    found, may = plan(subject), rules.erase_person(request.user, person)
    places = [(mention.key, f"{mention.what} ({mention.number})") for mention in found.changeable]
    form = forms.ErasureConfirmForm(posted(request), initial={"digest": found.digest}, called=person.name, places=places)
    if form.is_valid():
        erasure = form.tried(actions.confirm_erasure, person=person, by=request.user, **form.decided)
        if erasure is not None:
            messages.success(request, _("It is being done. This page says when it is."))
            return redirect("accounts:erasure_detail", erasure.ref)
        form.data = form.data.copy()
        form.data["digest"] = found.digest  # what the page shows now is what is decided on next
    context = {"form": form, "person": person, "may": may, "erasure": erasure_of(person), "subject": subject, **_figures(found)}
    return render(request, "accounts/person_erase.html", context, status=form.status)


def _figures(found: Plan) -> dict[str, Any]:
    """The lines of a dry run by what happens to them."""
    ends = [(End.DELETED, _("Deleted"), "bad"), (End.EMPTIED, _("Emptied"), "wait"), (End.KEPT, _("Kept"), "gone")]
    groups = [(title, tone, [line for line in found.lines if line.end == end]) for end, title, tone in ends]
    return {"groups": [group for group in groups if group[2]], "plan": found}
