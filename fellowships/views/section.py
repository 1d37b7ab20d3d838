"""One section of a handover: what it asks and what was answered, and what each side does with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.access import page
from core.audit import history
from core.forms import posted
from core.sharing import standing
from fellowships import actions, forms, rules
from fellowships.models import RECEIVE, VIEW, Section
from fellowships.states import DONE


def _around(section: Section) -> dict[str, Any]:
    handover = section.handover
    return {"section": section, "handover": handover, "placement": handover.placement}


def _back(section: Section) -> HttpResponse:
    return redirect("fellowships:section_detail", section.ref)


@page(rules.view_section, Section)
def section_detail(request: HttpRequest, section: Section) -> HttpResponse:
    user, handover = request.user, section.handover
    word, tone = section.standing()
    live = set(handover.receivers().values_list("pk", flat=True))
    before, after = _neighbours(section)
    context = _around(section) | {
        "word": word,
        "tone": tone,
        "read": rules.read_section(user, section),
        "may_edit": rules.edit_section(user, section),
        "may_assign": rules.assign_section(user, section),
        "may_accept": rules.accept_section(user, section),
        "may_waive": rules.waive_section(user, section),
        "may_leave_out": rules.leave_out_section(user, section),
        "offer": rules.offer_section(user, section),
        "own": handover.placement.fellow.person_id == getattr(user, "person_id", None),
        "written": not section.unanswered(),
        "why_not": rules.why_not_offered(section, live),
        "gone": section.receiver_id is not None and section.receiver_id not in live and section.state not in DONE,
        "before": before,
        "after": after,
        "lines": history(section, limit=50, reader=request.user),
        "standing": standing(handover.placement, user, VIEW, RECEIVE),
    }
    return render(request, "fellowships/section_detail.html", context)


def _neighbours(section: Section) -> tuple[Section | None, Section | None]:
    around = section.handover.sections()
    place = next(n for n, each in enumerate(around) if each.pk == section.pk)
    return (around[place - 1] if place else None), (around[place + 1] if place + 1 < len(around) else None)


@page(rules.edit_section, Section, methods=("GET", "POST"))
def section_edit(request: HttpRequest, section: Section) -> HttpResponse:
    form = forms.SectionEditForm(posted(request), section)
    stale = False
    if form.is_valid():
        facts = {"answers": form.answers(), "shown": form.cleaned_data["shown"]}
        try:
            actions.edit_section(section=section, by=request.user, **facts)
        except ValidationError as error:
            form.add_error(None, error)
            stale = error.code == "changed"
            form.renew(section)
        else:
            messages.success(request, _saved(section))
            return _back(section)
    return render(request, "fellowships/section_edit.html", _around(section) | {"form": form, "stale": stale}, status=form.status)


def _saved(section: Section) -> str:
    if missing := section.unanswered():
        return _("Saved as a draft. Answers that are still missing: %(n)s.") % {"n": len(missing)}
    if section.receiver_id is None:
        return _("Saved. It can be offered as soon as somebody is named to receive it.")
    return _("Saved. It can be offered now.")


@page(rules.assign_section, Section, methods=("GET", "POST"))
def section_assign(request: HttpRequest, section: Section) -> HttpResponse:
    form = forms.SectionAssignForm(posted(request), section, section.handover.receivers())
    if form.is_valid():
        actions.assign_section(section=section, by=request.user, **form.cleaned_data)
        words = {"name": form.cleaned_data["receiver"], "section": section}
        messages.success(request, _("%(name)s receives “%(section)s”.") % words)
        return _back(section)
    return render(request, "fellowships/section_assign.html", _around(section) | {"form": form}, status=form.status)


@page(rules.offer_section, Section, methods=("POST",))
def section_offer(request: HttpRequest, section: Section) -> HttpResponse:
    actions.offer_section(section=section, by=request.user)
    messages.success(request, _("Offered. %(name)s gets a mail.") % {"name": section.receiver})
    return _back(section)


@page(rules.accept_section, Section, methods=("GET", "POST"))
def section_accept(request: HttpRequest, section: Section) -> HttpResponse:
    changed = False
    if request.method == "POST":
        try:
            actions.accept_section(section=section, shown=request.POST.get("shown", ""), by=request.user)
        except ValidationError:
            changed = True
        else:
            messages.success(request, _("You have accepted “%(section)s”.") % {"section": section})
            return redirect("fellowships:handover_detail", section.handover.ref)
    context = _around(section) | {"changed": changed}
    return render(request, "fellowships/section_accept.html", context, status=422 if changed else 200)


@page(rules.send_back_section, Section, methods=("GET", "POST"))
def section_send_back(request: HttpRequest, section: Section) -> HttpResponse:
    form = forms.SectionSendBackForm(posted(request))
    said = _("Sent back. %(name)s reads what is missing.") % {"name": section.handover.placement.fellow}
    return _with_reason(request, section, form, actions.send_back_section, said, "send_back")


@page(rules.waive_section, Section, methods=("GET", "POST"))
def section_waive(request: HttpRequest, section: Section) -> HttpResponse:
    form = forms.SectionWaiveForm(posted(request))
    said = _("Waived. Your name and your reason stand on record.")
    return _with_reason(request, section, form, actions.waive_section, said, "waive")


@page(rules.leave_out_section, Section, methods=("GET", "POST"))
def section_leave_out(request: HttpRequest, section: Section) -> HttpResponse:
    form = forms.SectionLeaveOutForm(posted(request))
    return _with_reason(request, section, form, actions.leave_out_section, _("Left out. The plan says why."), "leave_out")


def _with_reason(
    request: HttpRequest, section: Section, form: Any, act: Callable[..., None], said: str, name: str
) -> HttpResponse:
    if form.is_valid():
        act(section=section, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, said)
        return _back(section)
    return render(request, f"fellowships/section_{name}.html", _around(section) | {"form": form}, status=form.status)
