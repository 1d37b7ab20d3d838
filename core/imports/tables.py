"""A table as it stands in a file: its columns, its rows with their numbers, and how a grid of cells becomes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _

from core.imports.faults import Fault, TableRefused
from core.imports.words import heading, strip, tidy

MOST_ROWS = 10_000
MOST_COLUMNS = 500


@dataclass(frozen=True)
class Options:
    """How a file is to be read, where looking at it is not enough. `header` is the row of the column names (0: the first
    row that is not blank), `quote` "" means that quotation marks are ordinary characters."""

    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    escape: str = ""
    header: int = 0
    sheet: str = ""


@dataclass(frozen=True)
class Row:
    """One row, as many cells as the table has columns. `number` is what a spreadsheet shows beside it (header: 1); a cell
    with line breaks in it is one row, so in a text editor the line may be further down."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What was read. `name` is the file's name, with the sheet for a workbook. `faults` are rows that are no rows of this
    table (left out, "refused") and remarks ("note")."""

    name: str
    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    options: Options = field(default_factory=Options)
    faults: tuple[Fault, ...] = ()

    @cached_property
    def _positions(self) -> dict[str, int]:
        loosely = {heading(name): place for place, name in reversed(list(enumerate(self.columns)))}
        return loosely | {name: place for place, name in enumerate(self.columns)}

    def position(self, column: str) -> int | None:
        """Where a column stands: the name as it is, else without regard to case, blanks and underscores."""
        exact = self._positions.get(column)
        return exact if exact is not None else self._positions.get(heading(column))

    def cells_of(self, column: str) -> Iterable[str]:
        """All cells of a column, stripped; none if there is no such column."""
        place = self.position(column)
        return () if place is None else (strip(row.cells[place]) for row in self.rows)


def letters(place: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def name_columns(header: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The names of the columns, each once ("date", "date (2)"; a blank one is "column C"), and those that stood twice."""
    taken: set[str] = set()
    names, repeated = [], []
    for place, cell in enumerate(header):
        wanted = tidy(cell) or f"column {letters(place)}"
        name, count = wanted, 1
        while name in taken:
            count += 1
            name = f"{wanted} ({count})"
        if name != wanted:
            repeated.append(wanted)
        taken.add(name)
        names.append(name)
    return tuple(names), repeated


def blank(cells: Iterable[str]) -> bool:
    return not any(strip(cell) for cell in cells)


def extent(cells: Sequence[str]) -> int:
    """How far to the right a row holds anything."""
    width = len(cells)
    while width and not strip(cells[width - 1]):
        width -= 1
    return width


def tabulate(
    name: str, grid: Iterable[tuple[int, Sequence[str]]], options: Options, *, ragged: bool = True
) -> tuple[tuple[str, ...], tuple[Row, ...], tuple[Fault, ...]]:
    """Columns, rows and faults from numbered rows of cells, read once and in order.

    Blank rows are passed over but counted in the numbers. In a workbook rows are not `ragged`: a cell beyond the header
    stands in a column without a name. Raises TableRefused without a header or with more than 10,000 rows; the figure
    named is the true one.
    """
    header: Sequence[str] | None = None
    kept: list[tuple[int, Sequence[str]]] = []
    counted, width = 0, 0
    for number, cells in grid:
        if header is None:
            wanted = number == options.header if options.header else not blank(cells)
            if wanted:
                header, width = cells, len(cells)
                if blank(cells):
                    break
            continue
        if blank(cells):
            continue
        counted += 1
        if counted <= MOST_ROWS:
            kept.append((number, cells))
    if header is None or blank(header):
        raise TableRefused(name, _("There is no row of column names in this file; it is empty."))
    if counted > MOST_ROWS:
        sentence = _("That file has %(rows)s rows; at most %(most)s can be imported at once.")
        raise TableRefused(name, sentence % {"rows": f"{counted:,}", "most": f"{MOST_ROWS:,}"})
    filled = max((extent(cells) for _number, cells in kept), default=0)
    if not ragged:
        header = (*header, *[""] * (filled - width))
        width = max(width, filled)
        kept = [(number, (*cells, *[""] * (width - len(cells)))) for number, cells in kept]
    # Columns without a name at the right edge that hold nothing come from trailing delimiters.
    while width > filled and not strip(header[width - 1]):
        width -= 1
    if width > MOST_COLUMNS:
        sentence = _("That file has %(columns)s columns; at most %(most)s can be imported.")
        raise TableRefused(name, sentence % {"columns": f"{width:,}", "most": f"{MOST_COLUMNS:,}"})
    columns, repeated = name_columns(header[:width])
    rows, faults = straighten(name, columns, kept, tuple(tidy(cell) for cell in header[:width]))
    twice = [repeated_column(name, options.header or 1, column) for column in dict.fromkeys(repeated)]
    return columns, tuple(rows), (*twice, *faults)


def repeated_column(table: str, row: int, column: str) -> Fault:
    sentence = _("Two columns have this name; the second is called “%(column)s (2)” here.") % {"column": column}
    return Fault(table, row, column, "", sentence, "note", "column-repeated")


def straighten(
    table: str, columns: tuple[str, ...], grid: Iterable[tuple[int, Sequence[str]]], header: tuple[str, ...]
) -> tuple[list[Row], list[Fault]]:
    """Rows of one width. One that is too long has its cells in the wrong columns and is refused."""
    rows, faults = [], []
    width = len(columns)
    for number, cells in grid:
        if len(cells) > width and not blank(cells[width:]):
            sentence = _(
                "This row has %(cells)d cells and the header %(columns)d; probably a separator stands in a cell without "
                "quotation marks. The row is left out."
            ) % {"cells": len(cells), "columns": width}
            faults.append(Fault(table, number, "", " | ".join(cells[width:]), sentence, "refused", "row-too-long"))
            continue
        if len(cells) < width:
            sentence = _("This row has %(cells)d cells and the header %(columns)d; the missing ones are taken as blank.")
            sentence %= {"cells": len(cells), "columns": width}
            faults.append(Fault(table, number, "", "", sentence, "note", "row-too-short"))
        straight = tuple(cells[:width]) + ("",) * (width - len(cells))
        if tuple(tidy(cell) for cell in straight) == header:
            sentence = _("This row repeats the column names and is passed over.")
            faults.append(Fault(table, number, "", "", sentence, "note", "header-repeated"))
            continue
        rows.append(Row(number, straight))
    return rows, faults
