"""The pages of one output of a hackathon: what it is, who answers for it, and what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import page, visible
from core.audit import history
from core.forms import posted
from core.panels import panels_of
from core.sharing import standing
from partnerships import actions, forms, rules
from partnerships.models import FollowUp, Hackathon, Organisation, Output, people_at


@page(rules.add_output, Hackathon, methods=("GET", "POST"))
def output_add(request: HttpRequest, hackathon: Hackathon) -> HttpResponse:
    form = forms.OutputAddForm(posted(request))
    if form.is_valid():
        output = form.tried(actions.add_output, hackathon=hackathon, by=request.user, **form.cleaned_data)
        if output:
            messages.success(request, _("“%(title)s” is on record. Name who answers for it.") % {"title": output})
            return redirect("partnerships:owner_name", output.ref)
    return render(request, "partnerships/output_add.html", {"form": form, "hackathon": hackathon}, status=form.status)


@page(rules.view_output, Output)
def output_detail(request: HttpRequest, output: Output) -> HttpResponse:
    shown = visible(Output, request.user).filter(pk=output.pk).with_present().with_owner().get()
    questions = list(visible(FollowUp, request.user).filter(output=output).with_words().with_letters().order_by("days"))
    answerable = [question for question in questions if rules.answer_follow_up(request.user, question)]
    context = {
        "output": shown,
        "hackathon": shown.hackathon,
        "questions": questions,
        "answerable": answerable[-1] if answerable else None,
        "correctable": {question.pk for question in questions if rules.correct_follow_up(request.user, question)},
        "may_edit": rules.edit_output(request.user, shown),
        "may_remove": rules.remove_output(request.user, shown),
        "panels": panels_of(output, request.user),
        "lines": history(output, *questions, limit=50, reader=request.user),
        "standing": standing(shown.hackathon, request.user),
    }
    return render(request, "partnerships/output_detail.html", context)


@page(rules.edit_output, Output, methods=("GET", "POST"))
def output_edit(request: HttpRequest, output: Output) -> HttpResponse:
    form = forms.OutputEditForm.of(posted(request), output)
    if form.is_valid():
        changed = form.tried(actions.edit_output, output=output, facts=form.cleaned_data, by=request.user)
        if changed is not None:
            messages.success(request, _("The changes are saved.") if changed else _("Nothing was different."))
            return redirect("partnerships:output_detail", output.ref)
    return render(request, "partnerships/output_edit.html", _around(output) | {"form": form}, status=form.status)


@page(rules.remove_output, Output, methods=("GET", "POST"), fresh=True)
def output_remove(request: HttpRequest, output: Output) -> HttpResponse:
    if request.method == "POST":
        hackathon = output.hackathon
        actions.remove_output(output=output, by=request.user)
        messages.success(request, _("“%(title)s” was taken out.") % {"title": output})
        return redirect("partnerships:hackathon_detail", hackathon.ref)
    return render(request, "partnerships/output_remove.html", _around(output))


@page(rules.name_owner, Output, methods=("GET", "POST"))
def owner_name(request: HttpRequest, output: Output) -> HttpResponse:
    """In two steps without a script: the agency, by the address; then who of its people."""
    agencies = visible(Organisation, request.user).in_use(output.agency)
    asked = request.GET if "agency" in request.GET else None
    which = forms.AgencyChooseForm(asked, organisations=agencies, initial={"agency": output.agency and output.agency.ref})
    agency = which.cleaned_data["agency"] if which.is_valid() else None if asked else output.agency
    people = people_at(agency)
    form = forms.OwnerNameForm(posted(request), people=people, initial={"owner": output.owner and output.owner.ref})
    if agency and form.is_valid():
        owner = form.cleaned_data["owner"]
        named = form.tried(actions.name_owner, output=output, agency=agency, owner=owner, by=request.user)
        if named is not None:
            words = {"name": owner, "agency": agency, "title": output}
            messages.success(request, _("%(name)s of %(agency)s answers for “%(title)s”.") % words)
            return redirect(_next_without_owner(output, request.user))
    context = _around(output) | {"which": which, "form": form, "agency": agency, "people": people}
    return render(request, "partnerships/owner_name.html", context, status=max(form.status, which.status))


def _next_without_owner(output: Output, user: Any) -> str:
    """While others of an open hackathon lack an owner, its page, which leads to the next; else the page of the output."""
    hackathon = output.hackathon
    if not hackathon.closed and visible(Output, user).filter(hackathon=hackathon).incomplete().exists():
        return reverse("partnerships:hackathon_detail", args=[hackathon.ref])
    return reverse("partnerships:output_detail", args=[output.ref])


def _around(output: Output) -> dict[str, Any]:
    return {"output": output, "hackathon": output.hackathon}
