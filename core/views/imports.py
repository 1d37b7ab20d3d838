"""Imports at the desk, step by step: files, columns, values, the check, the decision."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import actions, forms, importing, rules
from core.access import listing, page
from core.audit import history, names
from core.filters import ImportFaultFilter, ImportFilter
from core.imports import ImportRefused, Tally
from core.imports.faults import COLUMNS
from core.imports.targets import Space, Target, targets
from core.kinds import ImportState
from core.lists import as_csv, in_order, paged
from core.models import Import

SORTS = {"title": "title", "state": "state", "changed": "changed"}
FAULT_SORTS = {"place": "place", "table": "table", "severity": "severity"}
GROUPS = 12  # of faults that say the same, on the page of an import
SECONDS = 3  # after which a page of progress loads itself again


@listing(rules.list_imports, Import)
def import_list(request: HttpRequest, imports: Any) -> HttpResponse:
    """Mine, and those of the places to which I may import."""
    found = ImportFilter(request.GET, imports.light())
    rows, order = in_order(request, found.qs, SORTS, "-changed")
    places = {(target.name, space.key): space.label for target, space in _places(request)}
    if request.GET.get("format") == "csv":
        return _list_as_csv(list(rows), places)
    shown = paged(request, rows)
    context = {
        "filters": found,
        "page": shown,
        "rows": _told(shown.object_list, places),
        "order": order,
        "total": imports.count(),
        "may_add": rules.add_import(request.user),
    }
    return render(request, "core/import_list.html", context)


def _told(imports: Any, places: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Each with where it goes and who brought it, in one query."""
    people = names(each.owner for each in imports)
    return [
        {
            "imported": each,
            "place": places.get((each.target, each.space), ""),
            "owner": people.get(each.owner, ""),
            "files": ", ".join(file["name"] for file in each.files),
            "figures": [line for tally in each.tallies() if (line := _short(tally))],
        }
        for each in imports
    ]


def _short(tally: Tally) -> str:
    """The figures that are not nought, "projects: 246 added", or ""."""
    numbers = [
        (tally.added, _("added")),
        (tally.changed, _("changed")),
        (tally.unchanged, _("unchanged")),
        (tally.refused, _("refused")),
    ]
    told = ", ".join(f"{number} {word}" for number, word in numbers if number)
    return f"{tally.kind}: {told}" if told else ""


def _list_as_csv(imports: list[Import], places: dict[tuple[str, str], str]) -> HttpResponse:
    heads = [_("Reference"), _("List"), _("What"), _("Where to"), _("Who"), _("State"), _("Figures"), _("Changed")]
    lines = (
        (row["imported"].ref, row["imported"].title, row["imported"].kind.label, row["place"], row["owner"],
         row["imported"].get_state_display(), actions.figures(row["imported"].tallies()), row["imported"].changed.isoformat())
        for row in _told(imports, places)
    )  # fmt: skip
    return as_csv("imports", heads, lines)


def _places(request: HttpRequest) -> Iterator[tuple[Target, Space]]:
    """Everything this person may import, and where to."""
    for target in targets():
        for space in target.spaces(request.user):
            yield target, space


@page(rules.add_import, methods=("GET", "POST"))
def import_add(request: HttpRequest) -> HttpResponse:
    """The first step. A file that cannot be read is told, and the others are kept."""
    form = forms.ImportAddForm(
        forms.posted(request), request.FILES or None, places=list(_places(request)), asked=request.GET.get("to", "")
    )
    if form.is_valid():
        target, space = form.chosen
        imported = form.tried(
            importing.begin, target=target, space=space.key, brought=form.cleaned_data["tables"], by=request.user
        )
        if imported:
            for sentence in form.refused:
                messages.error(request, sentence)
            return redirect("core:import_files" if form.refused else "core:import_columns", imported.ref)
    return render(request, "core/import_add.html", {"form": form}, status=form.status)


@page(rules.view_import, Import)
def import_detail(request: HttpRequest, imported: Import) -> HttpResponse:
    """Where it stands, what was found, what comes next; while a job is at it, how far that is."""
    context = _around(request, imported) | {
        "tallies": imported.tallies(),
        "first": _first(imported),
        "faults": list(imported.faults.by_sentence()[:GROUPS]) if not imported.working else [],
        "lines": history(imported, limit=50, reader=request.user),
        "progress": importing.progress(imported) if imported.working else {},
        "still": "still" in request.GET,
        "waited": (timezone.now() - imported.asked_at).total_seconds() > 120 if imported.asked_at and imported.working else False,
    }
    answer = render(request, "core/import_detail.html", context)
    if imported.working and "still" not in request.GET:
        answer["Refresh"] = str(SECONDS)
    return answer


def _around(request: HttpRequest, imported: Import, here: str = "") -> dict[str, Any]:
    """What every step shows: where it goes, which steps there are, what may be done."""
    user: Any = request.user
    spaces = {space.key: space for space in imported.kind.spaces(user)}
    return {
        "imported": imported,
        "space": spaces.get(imported.space),
        "steps": _steps(imported, here),
        "owner": names([imported.owner]).get(imported.owner, ""),
        "may_discard": rules.discard_import(user, imported),
    }


def _steps(imported: Import, here: str) -> list[dict[str, Any]]:
    """Files, columns, values, check, decision: which are done, and the way to each that can be taken now."""
    state = imported.state
    named, checked = state != ImportState.UPLOADED, state in (ImportState.CHECKED, ImportState.APPLYING)
    here = here or {ImportState.UPLOADED: "columns", ImportState.MAPPED: "check", ImportState.CHECKED: "decide"}.get(
        ImportState(state), "decide" if state == ImportState.APPLYING else "check"
    )
    rows = [
        ("files", _("Files"), True, "core:import_files"),
        ("columns", _("Columns"), named, "core:import_columns"),
        ("values", _("Values"), named, "core:import_values"),
        ("check", _("Check"), checked, "core:import_detail"),
        ("decide", _("Decide"), False, "core:import_apply" if checked else ""),
    ]
    open_now = state != ImportState.APPLYING
    return [
        {
            "label": label,
            "done": done and name != here,
            "current": name == here,
            "url": reverse(route, args=[imported.ref]) if route and open_now and name != here else "",
        }
        for name, label, done, route in rows
    ]


def _first(imported: Import) -> list[dict[str, Any]]:
    """The first records of each kind as they will be: the fields that any of them has, and their rows."""
    found = []
    for kind in imported.kind.schema.kinds:
        records = imported.result.get("first", {}).get(kind.name, [])
        fields = [each for each in kind.fields if any(each.name in values for _table, _row, values in records)]
        rows = [(table, row, [(each.title, values.get(each.name, "")) for each in fields]) for table, row, values in records]
        if rows:
            found.append({"title": kind.title, "fields": [each.title for each in fields], "rows": rows})
    return found


@page(rules.edit_import, Import, methods=("GET", "POST"))
def import_files(request: HttpRequest, imported: Import) -> HttpResponse:
    """Add, replace and take away files. What can be read is kept, whatever is wrong with the others."""
    form = forms.ImportFilesForm(forms.posted(request), request.FILES or None, imported=imported)
    if form.is_valid():
        brought, removed = form.cleaned_data["tables"], set(form.cleaned_data["remove"])
        facts = {"brought": brought, "removed": removed, "shown": form.cleaned_data["shown"], "by": request.user}
        if not (brought or removed) or _done(form, importing.refile, imported, **facts):
            if not form.refused:
                return redirect("core:import_columns", imported.ref)
            form = form.told(imported)
    context = _around(request, imported, "files") | {"form": form}
    return render(request, "core/import_files.html", context, status=form.status)


def _done(form: Any, act: Callable[..., Any], imported: Import, **facts: Any) -> bool:
    """Whether the step was taken; if not, its reason stands on the form, and what was chosen can be sent again."""
    try:
        act(imported=imported, **facts)
    except (ValidationError, ImportRefused) as error:
        form.add_error(None, error if isinstance(error, ValidationError) else str(error).splitlines())
        form.again()
        return False
    return True


@page(rules.edit_import, Import, methods=("GET", "POST"))
def import_columns(request: HttpRequest, imported: Import) -> HttpResponse:
    known = importing.remembered(imported.kind, imported.belongs)
    form = forms.ImportColumnsForm(forms.posted(request), imported=imported, known=known)
    if form.is_valid():
        facts = {"mapping": form.cleaned_data["mapping"], "title": form.cleaned_data["title"], "origin": "edited"}
        if _done(form, actions.set_mapping, imported, **facts, shown=form.cleaned_data["shown"], by=request.user):
            return redirect("core:import_values", imported.ref)
    context = _around(request, imported, "columns") | {"form": form}
    return render(request, "core/import_columns.html", context, status=form.status)


@page(rules.edit_import, Import, methods=("GET", "POST"))
def import_mapping_choose(request: HttpRequest, imported: Import) -> HttpResponse:
    """Another mapping in place of the whole one."""
    known = importing.remembered(imported.kind, imported.belongs)
    form = forms.ImportMappingForm(forms.posted(request), request.FILES or None, imported=imported, known=known)
    if form.is_valid():
        shown, chosen = form.cleaned_data["shown"], form.cleaned_data["mapping"]
        facts = {"shown": shown, "by": request.user}
        if chosen == form.AGAIN and not form.cleaned_data["file"]:
            taken = _done(form, importing.start_again, imported, **facts)
        else:
            text = form.cleaned_data["file"] or form.known[chosen].text
            origin = "file" if form.cleaned_data["file"] else "remembered"
            taken = _done(form, importing.use_mapping, imported, text=text, origin=origin, **facts)
        if taken:
            messages.success(request, _("The files are read by that mapping. Look whether everything is in its place."))
            return redirect("core:import_columns", imported.ref)
    context = _around(request, imported, "columns") | {"form": form}
    return render(request, "core/import_mapping_choose.html", context, status=form.status)


@page(rules.edit_import, Import, methods=("GET", "POST"))
def import_values(request: HttpRequest, imported: Import) -> HttpResponse:
    form = forms.ImportValuesForm(forms.posted(request), imported=imported)
    if form.is_valid():
        facts = {"mapping": form.cleaned_data["mapping"], "origin": "edited"}
        if _done(form, actions.set_mapping, imported, **facts, shown=form.cleaned_data["shown"], by=request.user):
            return _checked(request, imported) if "check" in request.POST else redirect("core:import_detail", imported.ref)
    context = _around(request, imported, "values") | {"form": form}
    return render(request, "core/import_values.html", context, status=form.status)


@page(rules.check_import, Import, methods=("POST",))
def import_check(request: HttpRequest, imported: Import) -> HttpResponse:
    return _checked(request, imported)


def _checked(request: HttpRequest, imported: Import) -> HttpResponse:
    user: Any = request.user
    actions.ask_check(imported=imported, by=user)
    return redirect("core:import_detail", imported.ref)


@page(rules.view_import, Import)
def import_fault_list(request: HttpRequest, imported: Import) -> HttpResponse:
    """Every fault by row, and the same as a file: exactly what is filtered."""
    found = ImportFaultFilter(request.GET, imported.faults.all())
    rows, order = in_order(request, found.qs, FAULT_SORTS, "place")
    if request.GET.get("format") == "csv":
        lines = ((each.table, each.row or "", each.column, each.value, each.severity, each.sentence) for each in rows)
        return as_csv(f"faults-{imported.ref}", COLUMNS, lines)
    context = _around(request, imported) | {
        "filters": found,
        "page": paged(request, rows),
        "order": order,
        "total": (total := imported.faults.count()),
        "cut": total >= actions.MOST_FAULTS,
    }
    return render(request, "core/import_fault_list.html", context)


@page(rules.apply_import, Import, methods=("GET", "POST"))
def import_apply(request: HttpRequest, imported: Import) -> HttpResponse:
    form = forms.ImportApplyForm(forms.posted(request), imported=imported)
    if form.is_valid() and _done(form, actions.ask_apply, imported, shown=form.cleaned_data["shown"], by=request.user):
        return redirect("core:import_detail", imported.ref)
    context = _around(request, imported, "decide") | {"form": form, "tallies": imported.tallies()}
    return render(request, "core/import_apply.html", context, status=form.status)


@page(rules.discard_import, Import, methods=("GET", "POST"))
def import_discard(request: HttpRequest, imported: Import) -> HttpResponse:
    user: Any = request.user
    if request.method == "POST":
        actions.discard_import(imported=imported, by=user)
        messages.success(request, _("The import of %(title)s is discarded. Nothing of it was imported.") % {"title": imported})
        return redirect("core:import_list")
    return render(request, "core/import_discard.html", _around(request, imported))


@page(rules.view_import, Import)
def import_mapping(request: HttpRequest, imported: Import) -> HttpResponse:
    """The mapping as a file, which the commands take with --mapping."""
    return HttpResponse(
        imported.mapping,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="mapping-{imported.ref}.yaml"'},
    )
