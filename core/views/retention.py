"""What is deleted because it has been kept long enough: every kind, what goes of one and when, and the hold."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core import actions, audit, retention, rules
from core.access import page
from core.forms import RetentionHoldForm, posted
from core.lists import as_csv, paged
from core.retention import Keeping, Outlook


@page(rules.hold_retention)
def retention_list(request: HttpRequest) -> HttpResponse:
    """How long each kind of record is kept, why, and how many go next."""
    today = timezone.localdate()
    rows = [retention.outlook(kept, today) for kept in retention.keepings()]
    if request.GET.get("format") == "csv":
        heads = [_("Kind"), _("Days"), _("Counted"), _("Why"), _("Next run"), _("Within 14 days"), _("On hold")]
        return as_csv("retention", heads, map(_cells, rows))
    return render(request, "core/retention_list.html", {"rows": rows, "today": today})


def _cells(row: Outlook) -> list[Any]:
    kept = row.keeping
    return [kept.title, kept.period.days, kept.counted, kept.basis, row.next, row.coming, row.hold.reason if row.hold else ""]


@page(rules.hold_retention)
def retention_detail(request: HttpRequest, kind: str) -> HttpResponse:
    """What goes of one kind, the longest kept first, each with its day; and what has gone."""
    kept, today = _known(kind), timezone.localdate()
    rows, goes = retention.coming(kept, today), retention.goes_on(kept, today)

    def lines(found: Any) -> list[tuple[str, Any, Any]]:
        return [(kept.line(row), timezone.localdate(getattr(row, kept.began)), goes(row)) for row in found]

    if request.GET.get("format") == "csv":
        return as_csv(f"retention-{kind}", [_("What"), _("Kept since"), _("Goes on")], lines(rows))
    shown, seen = paged(request, rows), retention.outlook(kept, today)
    holder = audit.names([seen.hold.by]).get(seen.hold.by, _("Somebody")) if seen.hold else ""
    context = {"kept": kept, "outlook": seen, "holder": holder, "page": shown, "lines": lines(shown)}
    return render(request, "core/retention_detail.html", context | {"sweeps": retention.swept(kept)[:10]})


@page(rules.hold_retention, methods=("GET", "POST"))
def retention_hold(request: HttpRequest, kind: str) -> HttpResponse:
    """A second click finds it on hold."""
    kept = _known(kind)
    form = RetentionHoldForm(posted(request))
    if form.is_valid():
        actions.hold_retention(kept=kept, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("“%(kind)s” is on hold: nothing of it is deleted until it is lifted.") % {"kind": kept.title})
        return redirect("core:retention_detail", kind)
    context = {"form": form, "kept": kept, "outlook": retention.outlook(kept, timezone.localdate())}
    return render(request, "core/retention_hold.html", context, status=form.status)


@page(rules.hold_retention, methods=("GET", "POST"))
def retention_lift(request: HttpRequest, kind: str) -> HttpResponse:
    """A second click finds it lifted."""
    kept = _known(kind)
    if request.method == "POST":
        actions.lift_retention(kept=kept, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The hold on “%(kind)s” is lifted.") % {"kind": kept.title})
    if request.method == "POST" or retention.hold_of(kind) is None:
        return redirect("core:retention_detail", kind)
    return render(request, "core/retention_lift.html", {"kept": kept, "hold": retention.hold_of(kind)})


def _known(kind: str) -> Keeping:
    kept = retention.keeping(kind)
    if kept is None:
        raise Http404
    return kept
