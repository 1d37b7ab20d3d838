"""The log at the desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core import log, rules
from core.access import page
from core.filters import EventFilter
from core.lists import as_csv, paged


@page(rules.read_log)
def event_list(request: HttpRequest) -> HttpResponse:
    """Every change that the reader may read of, the newest first."""
    found = EventFilter(request.GET, log.readable(request.user))
    rows = found.qs.order_by("-seq")
    if request.GET.get("format") == "csv":
        heads = [_("Event"), _("When"), _("Who"), _("What"), _("Kind"), _("Number"), _("Before and after")]
        return as_csv("log", heads, map(_cells, log.entries(rows)))
    shown = paged(request, rows)
    return render(request, "core/event_list.html", {"filters": found, "page": shown, "entries": log.entries(shown)})


def _cells(entry: log.Entry) -> list[Any]:
    changes = "; ".join(map(str, entry.changes))
    return [entry.seq, entry.at.isoformat(), entry.who, entry.text, entry.kind, entry.ref, changes]
