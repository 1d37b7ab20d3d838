"""The ends of the audit chain, for everybody who keeps them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import public_listing
from core.lists import as_open_data, paged
from core.models import Anchor

COLUMNS = ("day", "seq", "hash", "at")


@public_listing(Anchor)
def public_anchor_list(request: HttpRequest, anchors: QuerySet[Anchor]) -> HttpResponse:
    if (answer := as_open_data(request, "anchors", COLUMNS, lambda: map(_record, anchors.iterator()))) is not None:
        return answer
    return render(request, "core/public_anchor_list.html", {"page": paged(request, anchors)})


def _record(anchor: Anchor) -> dict[str, Any]:
    return {"day": anchor.day.isoformat(), "seq": anchor.seq, "hash": anchor.hash, "at": anchor.at.isoformat()}
