"""Which files a mapping's tables are, and which of several mappings fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from django.utils.translation import gettext as _

from core.imports.faults import ImportRefused, TableRefused
from core.imports.mapping import Mapping, TableSpec
from core.imports.reading import reread
from core.imports.tables import Table


@dataclass(frozen=True)
class Match:
    """Which table each part of a mapping takes, as (place in the mapping, table), in the mapping's order; what it misses;
    and what is left over. `matched` counts the columns that the mapping names and the tables have."""

    mapping: Mapping
    pairs: tuple[tuple[int, Table], ...]
    missing: tuple[TableSpec, ...]
    unused: tuple[Table, ...]
    matched: int

    @property
    def fits(self) -> bool:
        return bool(self.pairs) and not self.missing


def suits(spec: TableSpec, table: Table) -> Table | None:
    """The table as this part of a mapping reads it, or None if it is another: by file name, sheet and columns."""
    if spec.files and not any(fnmatchcase(table.path.name.casefold(), file.casefold()) for file in spec.files):
        return None
    if spec.options.sheet and spec.options.sheet.casefold() != table.sheet.casefold():
        return None
    try:
        table = reread(table, spec.options)
    except TableRefused:
        return None
    return None if any(table.position(column) is None for column in spec.signature()) else table


def match(mapping: Mapping, tables: Sequence[Table]) -> Match:
    """Give every table to the part of the mapping that knows most of its columns.

    A table that suits one part only is given first; one that suits several goes to a part that has none yet. So two
    files with the same columns both go to the one part that reads them, and a file is never read by two.
    """
    suited: list[list[tuple[int, Table]]] = []
    for table in tables:
        found = [(place, read) for place, spec in enumerate(mapping.tables) if (read := suits(spec, table))]
        found.sort(key=lambda pair: (-len(mapping.tables[pair[0]].signature()), pair[0]))
        suited.append(found)
    given: dict[int, tuple[int, Table]] = {}
    taken: set[int] = set()
    for number in sorted(range(len(tables)), key=lambda number: len(suited[number])):
        if suited[number]:
            place, read = next((pair for pair in suited[number] if pair[0] not in taken), suited[number][0])
            given[number] = (place, read)
            taken.add(place)
    pairs = tuple(sorted((given[number] for number in sorted(given)), key=lambda pair: pair[0]))
    return Match(
        mapping,
        pairs,
        tuple(spec for place, spec in enumerate(mapping.tables) if place not in taken and not spec.optional),
        tuple(table for number, table in enumerate(tables) if number not in given),
        sum(table.position(column) is not None for place, table in pairs for column in mapping.tables[place].named()),
    )


def find_mapping(mappings: Iterable[Mapping], tables: Sequence[Table]) -> Mapping | None:
    """The mapping that fits these tables: all its tables are there with all their columns. Extra columns, order and case
    do not matter. Of several, the one that leaves fewest tables over, then the one that knows most columns, then the
    first. None if none fits."""
    fitting = [found for mapping in mappings if (found := match(mapping, tables)).fits]
    best = min(fitting, key=lambda found: (len(found.unused), -found.matched), default=None)
    return best.mapping if best else None


def require(mapping: Mapping, tables: Sequence[Table]) -> Match:
    """The match, or ImportRefused with what is missing."""
    found = match(mapping, tables)
    if not found.fits:
        raise ImportRefused("\n".join(misses(found, tables)))
    return found


def misses(found: Match, tables: Sequence[Table]) -> list[str]:
    """For each table that a mapping misses, the columns it wants and the file that comes nearest."""
    lines = []
    for spec in found.missing:
        lacking = {table.name: [column for column in spec.signature() if table.position(column) is None] for table in tables}
        nearest = min(lacking, key=lambda name: len(lacking[name]), default="")
        if not nearest or len(lacking[nearest]) == len(spec.signature()):
            sentence = _("“%(table)s”: no file has the columns %(columns)s.")
        elif lacking[nearest]:
            sentence = _("“%(table)s”: no file has all its columns; %(file)s comes nearest and lacks %(lacking)s.")
        else:
            sentence = _("“%(table)s”: %(file)s has its columns, but another name or sheet, or is used for another table.")
        words = {"table": spec.name, "columns": ", ".join(spec.signature()), "file": nearest}
        lines.append(sentence % {**words, "lacking": ", ".join(lacking.get(nearest, ()))})
    return lines or [_("No file has the columns that this mapping wants.")]
