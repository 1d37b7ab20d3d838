"""What the pages of an import show of a table, so that its file is read once and not at every click."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from core.imports.finding import match
from core.imports.lists import find_separators
from core.imports.mapping import Mapping as ImportMapping
from core.imports.mapping import Split
from core.imports.reading import read_file
from core.imports.rows import take_apart
from core.imports.tables import Options, Row, Table
from core.imports.words import fold

# Rows that are shown and looked at for suggestions, and how much of a cell.
SAMPLE, LONGEST = 50, 200
# Different cells of a column beyond which it is no closed list that a person would go through.
MOST_VALUES = 200


@dataclass(frozen=True)
class Outline:
    """A table without most of its rows: the first 50, and for each column of at most 200 different cells how often each
    occurs ("" is the blank one)."""

    name: str
    file: str
    sheet: str
    columns: tuple[str, ...]
    count: int
    encoding: str
    options: Options
    rows: tuple[tuple[str, ...], ...]
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table) -> Outline:
        counts = {}
        for column in table.columns:
            found = Counter(table.cells_of(column))
            if len(found) <= MOST_VALUES + 1 and all(len(cell) <= LONGEST for cell in found):
                counts[column] = dict(found.most_common())
        rows = tuple(tuple(cell[:LONGEST] for cell in row.cells) for row in table.rows[:SAMPLE])
        return cls(
            table.name, table.path.name, table.sheet, table.columns, len(table.rows), table.encoding, table.options, rows, counts
        )

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Outline:
        """From what as_json() gave."""
        return cls(
            data["name"],
            data["file"],
            data["sheet"],
            tuple(data["columns"]),
            data["count"],
            data["encoding"],
            Options(**data["options"]),
            tuple(tuple(row) for row in data["rows"]),
            data["counts"],
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_table(self) -> Table:
        """A table of the first rows: enough to see whose columns these are."""
        return self._table

    @cached_property
    def _table(self) -> Table:
        rows = tuple(Row(number, cells) for number, cells in enumerate(self.rows, start=2))
        return Table(self.name, Path(self.file), self.columns, rows, self.encoding, "", self.sheet, self.options)

    def samples(self, column: str, most: int = 3) -> list[str]:
        """The first cells of a column that differ and are not blank."""
        return list(dict.fromkeys(cell for cell in self.as_table().cells_of(column) if cell))[:most]

    def values(self, column: str, split: Split | None, blanks: frozenset[str] = frozenset()) -> list[tuple[tuple[str, ...], int]]:
        """(spellings, how often) of what a column says, the most frequent first and the blank last; of a list its items. What
        differs only in capitals means the same. Nothing for a column with too many different cells."""
        position = self.as_table().position(column)
        counted = self.counts.get(self.columns[position], {}) if position is not None else {}
        if split and split.auto:
            split = replace(split, separators=find_separators(counted), auto=False)
        found: dict[str, Counter[str]] = {}
        for cell, count in counted.items():
            for text in (take_apart(cell, split) if split and cell else [cell]) or [""]:
                blank = fold(text) in blanks
                found.setdefault("" if blank else fold(text), Counter())["" if blank else text] += count
        nothing = found.pop("", None)
        ordered = sorted(found.values(), key=lambda spelled: (-spelled.total(), min(spelled)))
        every = [*ordered, *([nothing] if nothing else [])]
        return [(tuple(sorted(spelled, key=lambda text: (-spelled[text], text))), spelled.total()) for spelled in every]


def survey(tables: Sequence[Table], mapping: ImportMapping | None = None) -> list[Outline]:
    """The outlines of tables, read as the mapping reads them where it says how."""
    if mapping:
        read = {table.name: table for _place, table in match(mapping, tables).pairs}
        tables = [read.get(table.name, table) for table in tables]
    return [Outline.of(table) for table in tables]


def take_in(name: str, data: bytes) -> list[Table]:
    """The tables of a file that came as bytes. Raises TableRefused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_file(path, Options())
