"""What a translation is made of and what comes out: records being gathered, records, and faults in order."""

from __future__ import annotations

import collections.abc
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from django.utils.translation import gettext as _

from core.imports.faults import Fault, Severity, Tally, shorten
from core.imports.mapping import Spec
from core.imports.rows import Line
from core.imports.schema import Kind, Scalar, Value
from core.imports.words import fold, tidy


@dataclass(frozen=True)
class Record:
    """One record. `key` is its key in its source: the one key field as text, or all of them joined by "/". `values` holds
    only what the files say: a field that is blank in them is not in it. References are keys. `table` and `row` say where
    it was first met."""

    kind: str
    key: str
    values: collections.abc.Mapping[str, Value]
    table: str
    row: int


@dataclass(frozen=True)
class Result:
    """`records` by kind, in the order of schema, tables and rows; `refused` counts by kind; `used` are pairs (table of the
    mapping, file), `unused` the tables no part of the mapping asked for."""

    records: collections.abc.Mapping[str, collections.abc.Sequence[Record]]
    faults: tuple[Fault, ...]
    refused: collections.abc.Mapping[str, int]
    used: tuple[tuple[str, str], ...]
    unused: tuple[str, ...]

    def tallies(self) -> dict[str, Tally]:
        """One for each kind, in which so far only the refused are counted."""
        return {kind: Tally(kind, refused=self.refused.get(kind, 0)) for kind in self.records}


# A list that grows: ordered, and looking for an item in it costs the same however many there are.
Bag: TypeAlias = dict[Scalar, None]


@dataclass(frozen=True)
class Pending:
    """A reference before it is resolved: `items` are the records it names, each by alternatives to be tried in turn."""

    spec: Spec
    items: tuple[tuple[str, ...], ...]
    raw: str
    line: Line


@dataclass
class Draft:
    """A record being gathered from one or more rows. `fallback` holds what stands in for blank cells; `origin` says from
    which table and row a value is, `faults` which faults may have left a field blank."""

    kind: Kind
    key: str
    table: str
    row: int
    values: dict[str, Value | Bag] = field(default_factory=dict)
    fallback: dict[str, Value] = field(default_factory=dict)
    origin: dict[str, tuple[str, int]] = field(default_factory=dict)
    links: dict[str, dict[tuple[tuple[str, ...], ...], Pending]] = field(default_factory=dict)
    faults: dict[str, list[int]] = field(default_factory=dict)
    contradicted: set[tuple[str, Value]] = field(default_factory=set)
    refused: bool = False

    def frozen(self) -> Record:
        said = {name: self.values[name] for name in self.kind.by_name if name in self.values}
        values = {name: tuple(value) if isinstance(value, dict) else value for name, value in said.items()}
        return Record(self.kind.name, self.key, values, self.table, self.row)


@dataclass
class Ledger:
    """The faults of one translation, numbered as they are found, and the count of what is refused."""

    faults: list[Fault] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        line: tuple[str, int],
        column: str,
        value: str,
        sentence: str,
        code: str,
        kind: str = "",
        severity: Severity = "note",
    ) -> int:
        self.faults.append(Fault(line[0], line[1], column, shorten(value), sentence, severity, code, kind))
        return len(self.faults) - 1

    def refuse_row(self, kind: str) -> None:
        self.refused[kind] = self.refused.get(kind, 0) + 1

    def refuse(self, draft: Draft, name: str, sentence: str, code: str) -> None:
        """Refuse a record because of a field: the first fault told of that field becomes the refusal; else one is told. So
        there is one refusal for each record that is refused."""
        draft.refused = True
        self.refuse_row(draft.kind.name)
        told = draft.faults.get(name, [])
        if told:
            self.faults[told[0]] = replace(self.faults[told[0]], severity="refused")
        else:
            self.add((draft.table, draft.row), "", draft.key, sentence, code, draft.kind.name, "refused")

    def ordered(self, tables: list[str]) -> tuple[Fault, ...]:
        """By table and row, and within a row as they were found."""
        place = {name: number for number, name in enumerate(tables)}
        return tuple(sorted(self.faults, key=lambda fault: (place.get(fault.table, len(place)), fault.row)))


def identity(parts: list[str]) -> str:
    """The key as one text: as it is if there is one part, else joined by "/" with that sign in a part written "%2F"."""
    if len(parts) == 1:
        return tidy(parts[0])
    return "/".join(tidy(part).replace("%", "%25").replace("/", "%2F") for part in parts)


def bag(value: Value) -> Value | Bag:
    return dict.fromkeys(value) if isinstance(value, tuple) else value


def merge(draft: Draft, value: Value, line: Line, spec: Spec, ledger: Ledger) -> None:
    """Add what a row says of a field: lists are joined, a blank is filled, and a contradiction is told once and not kept."""
    name = spec.field.name
    have = draft.values.get(name)
    if have is None:
        draft.values[name] = bag(value)
        draft.origin[name] = (line.table.name, line.number)
    elif isinstance(have, dict):
        for each in value if isinstance(value, tuple) else (value,):
            have.setdefault(each)
    elif have != value and not (isinstance(have, str) and isinstance(value, str) and fold(have) == fold(value)):
        if (name, value) in draft.contradicted:
            return
        draft.contradicted.add((name, value))
        table, row = draft.origin[name]
        sentence = _("%(field)s of “%(key)s” is given differently in %(table)s, row %(row)d: “%(value)s”. That is kept.") % {
            "field": draft.kind.by_name[name].title,
            "key": draft.key,
            "table": table,
            "row": row,
            "value": shorten(str(have)),
        }
        cell = " ".join(text for source in spec.sources for text in line.texts(source))
        ledger.add((line.table.name, line.number), spec.label, cell, sentence, "contradiction", draft.kind.name)
