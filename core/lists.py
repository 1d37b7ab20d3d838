"""Lists: pages, sorting by named columns only, and what is on the screen as CSV and, where all may read it, as open data."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.imports.faults import defuse

PER_PAGE = 50
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}  # of all open data: docs/adr/0017


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
    """Text that a spreadsheet shows and does not compute."""
    return defuse("" if value is None else str(value))


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


def as_open_data(
    request: HttpRequest, name: str, columns: Sequence[str], rows: Callable[[], Iterable[Mapping[str, Any]]], **about: Any
) -> HttpResponse | None:
    """What everybody may read, as ?format=csv or ?format=json asks; None where a page is asked for. Both have the same rows.

    rows: gives them, and is called only for a file: a page reads none but its own.
    columns: the names of the facts, which stay; a row is {name: fact}. A list of texts, or of {"name": …}, is one cell
    of the CSV.
    The JSON is {"count", "licence", name: rows} and what `about` says of the whole.
    """
    asked = request.GET.get("format")
    if asked == "json":
        found = [{column: row[column] for column in columns} for row in rows()]
        answer: HttpResponse = JsonResponse({"count": len(found), "licence": LICENCE, **about, name.replace("-", "_"): found})
    elif asked == "csv":
        answer = as_csv(name, columns, ([_cell(row[column]) for column in columns] for row in rows()))
    else:
        return None
    answer["Link"] = f'<{LICENCE["url"]}>; rel="license"'
    return answer


def _cell(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return "; ".join(str(each["name"] if isinstance(each, dict) else each) for each in value)
