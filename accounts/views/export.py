"""A copy of all that is kept of somebody: asked for, waited for, taken along."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions, forms, rules
from accounts.kinds import EXPORT_DAYS
from accounts.models import Export, Person
from core import exporting, files
from core.access import page
from core.forms import posted

SECONDS = 3  # after which a page of progress loads itself again


@page(rules.own_data, methods=("GET", "POST"), fresh=True)
def export_ask(request: HttpRequest) -> HttpResponse:
    """Of oneself."""
    if request.method == "POST":
        export = actions.ask_export(person=request.user.person, by=request.user)
        return redirect("accounts:export_detail", export.ref)
    context = {"days": EXPORT_DAYS, "exports": request.user.person.export_set.all()[:5]}
    return render(request, "accounts/export_ask.html", context)


@page(rules.answer_request, Person, methods=("GET", "POST"), fresh=True)
def person_export(request: HttpRequest, person: Person) -> HttpResponse:
    """Of somebody else, with a reason."""
    form = forms.ExportAskForm(posted(request))
    if form.is_valid():
        export = form.tried(actions.ask_export, person=person, by=request.user, **form.cleaned_data)
        if export is not None:
            return _asked_for(request, export)
    context = {"form": form, "person": person, "sign_in": person.sign_in(), "days": EXPORT_DAYS}
    return render(request, "accounts/person_export.html", context, status=form.status)


def _asked_for(request: HttpRequest, export: Export) -> HttpResponse:
    """Who can sign in takes it along themselves; for who cannot, whoever asked hands it over."""
    user = export.person.sign_in()
    if user is not None and user.is_active:
        words = {"name": export.person}
        messages.success(request, _("It is being made. %(name)s is told by mail, and nobody else can open it.") % words)
        return redirect("accounts:person_detail", export.person.ref)
    return redirect("accounts:export_detail", export.ref)


@page(rules.view_export, Export)
def export_detail(request: HttpRequest, export: Export) -> HttpResponse:
    """Where it stands; while it is made, how far that is."""
    done, of = exporting.progress(export.ref) if export.made_at is None else (0, 0)
    context: dict[str, Any] = {
        "export": export,
        "own": export.person_id == request.user.person_id,
        "done": done,
        "of": of,
        "late": export.made_at is None and (timezone.now() - export.created).total_seconds() > 15 * 60,
        "still": "still" in request.GET,
    }
    answer = render(request, "accounts/export_detail.html", context)
    if export.made_at is None and "still" not in request.GET:
        answer["Refresh"] = str(SECONDS)
    return answer


@page(rules.fetch_export, Export, fresh=True)
def export_file(request: HttpRequest, export: Export) -> HttpResponse:
    """The archive. That it was taken along is on record."""
    content = files.read(export.file)
    actions.note_export_fetched(export=export, by=request.user)
    name = f"data-{export.person.ref}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type="application/zip", headers=headers)
