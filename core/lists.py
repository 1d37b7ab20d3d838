"""Lists at the desk: pages, sorting by named columns only, and CSV of what is on the screen."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

PER_PAGE = 50


def paged(request: HttpRequest, rows: Sequence[Any] | QuerySet[Any], per_page: int = PER_PAGE) -> Page[Any]:
    """The page that the address asks for; a number that is none, or too high, gives the nearest page there is."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


@dataclass(frozen=True)
class Sorted:
    """Which column a list is sorted by, and the address that each head leads to."""

    by: str
    links: Mapping[str, str]  # column -> query string that sorts by it, or the other way round when it does already

    @property
    def sorts(self) -> dict[str, str]:
        """For the head of each column: "ascending" or "descending" where the list is in that order, else ""."""
        way = "descending" if self.by.startswith("-") else "ascending"
        return {name: way if name == self.by.removeprefix("-") else "" for name in self.links}


def in_order(request: HttpRequest, rows: QuerySet[Any], columns: Mapping[str, str], default: str) -> tuple[QuerySet[Any], Sorted]:
    """Sort by `?sort=column` or `?sort=-column`; columns: {name in the address: field}. Anything else is the default."""
    asked = request.GET.get("sort", default)
    if asked.removeprefix("-") not in columns:
        asked = default
    down = asked.startswith("-")
    field = columns[asked.removeprefix("-")]
    links = {}
    for name in columns:
        query = request.GET.copy()
        query.pop("page", None)
        query["sort"] = f"-{name}" if asked == name else name
        links[name] = "?" + query.urlencode()
    return rows.order_by(f"-{field}" if down else field, "-pk"), Sorted(asked, links)


def safe_cell(value: Any) -> str:
    """Text that a spreadsheet shows and does not compute: = + - @ TAB CR in front get an apostrophe before them."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text


def as_csv(name: str, columns: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file in UTF-8 with a byte-order mark, which is what spreadsheets need to read names right."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([str(column) for column in columns])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return HttpResponse(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
