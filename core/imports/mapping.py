"""What a mapping file says, once it has been checked: which tables, which records from their rows, how each field is filled."""

from __future__ import annotations

import collections.abc
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from core.imports.scalars import Reading
from core.imports.schema import Field, Kind
from core.imports.tables import Options

VERSION = "common-ground/import-mapping/1"
# Columns that every table has without having them: the file's name without its ending, the sheet, the row's number, and,
# where a record is made because none was found, the text that was looked for.
PSEUDO = ("$file", "$sheet", "$row", "$item")


@dataclass(frozen=True)
class Said:
    """What a value means: `value` None is blank; `say` is a note to make of it."""

    value: str | None
    say: str = ""


Otherwise: TypeAlias = Said | Literal["keep", "fault", "blank"]
Take: TypeAlias = Literal["", "first", "last"]


@dataclass(frozen=True)
class Source:
    """Where a text comes from. `text` is the constant, or what joins; `parts` are (is a column, text) of a template."""

    how: Literal["column", "constant", "template", "join", "either", "list"]
    columns: tuple[str, ...] = ()
    text: str = ""
    parts: tuple[tuple[bool, str], ...] = ()


@dataclass(frozen=True)
class Split:
    """How a cell is taken apart. `auto` finds the separator by looking at the column; `brackets` reads JSON-like lists."""

    separators: tuple[str, ...] = ()
    auto: bool = False
    brackets: bool = False
    item: str = ""


@dataclass(frozen=True)
class Link:
    """How a reference finds its record: the text is compared with the fields `against`, exactly and then loosely (unless
    `exact`). `agree` is (own field, field of the target) that must refer to the same record when several are named."""

    against: tuple[str, ...]
    exact: bool = False
    absent: Literal["blank", "refuse", "create"] = "blank"
    create: tuple[Spec, ...] = ()
    agree: tuple[str, str] | None = None


@dataclass(frozen=True)
class Spec:
    """How one field is filled. Only a reference has a link, and may have several sources: they are tried in turn."""

    field: Field
    sources: tuple[Source, ...]
    split: Split | None = None
    values: collections.abc.Mapping[str, Said] = dataclasses.field(default_factory=dict)
    otherwise: Otherwise = "keep"
    blank: Said | None = None
    take: Take = ""
    reading: Reading = dataclasses.field(default_factory=Reading)
    keep_raw: str = ""
    link: Link | None = None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns it is filled from, and those of a record that it makes."""
        made = [column for spec in (self.link.create if self.link else ()) for column in spec.columns]
        return tuple(dict.fromkeys([*(column for source in self.sources for column in source.columns), *made]))

    @cached_property
    def label(self) -> str:
        """The columns it is filled from, as a fault names them."""
        return ", ".join(dict.fromkeys(column for source in self.sources for column in source.columns))


@dataclass(frozen=True)
class Test:
    """A condition on a row: the column holds one of these (folded) values; with none given, it is not blank."""

    column: str
    values: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Each:
    """One record for each item of a cell; of several columns, for the first items, the second items and so on."""

    columns: tuple[str, ...]
    split: Split


@dataclass(frozen=True)
class RecordSpec:
    """A record that a row gives."""

    kind: Kind
    specs: tuple[Spec, ...]
    when: tuple[Test, ...] = ()
    unless: tuple[Test, ...] = ()
    each: Each | None = None
    repeated: Literal["merge", "refuse"] = "merge"

    def columns(self) -> Iterator[str]:
        for spec in self.specs:
            yield from spec.columns
        yield from (test.column for test in (*self.when, *self.unless))
        yield from self.each.columns if self.each else ()

    @cached_property
    def telling(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns that tell whether a row gives this record: all of them, and those of what names it or is required."""
        essential = {*self.kind.called_by(), *(field.name for field in self.kind.fields if field.required)}
        every = [column for spec in self.specs for column in spec.columns]
        some = [column for spec in self.specs if spec.field.name in essential for column in spec.columns]
        plain = [tuple(dict.fromkeys(column for column in found if column not in PSEUDO)) for found in (every, some)]
        return plain[0], plain[1]


@dataclass(frozen=True)
class Expect:
    """A note to make where a column is blank; with `once`, one for each value of that column."""

    column: str
    say: str = ""
    once: str = ""


@dataclass(frozen=True)
class TableSpec:
    """A table and what becomes of its rows. `columns` is the signature: a file that lacks one of them is not this table."""

    name: str
    records: tuple[RecordSpec, ...]
    columns: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    optional: bool = False
    options: Options = dataclasses.field(default_factory=Options)
    blanks: frozenset[str] = frozenset()
    fill_down: tuple[str, ...] = ()
    expect: tuple[Expect, ...] = ()

    def named(self) -> tuple[str, ...]:
        """Every column that the rows are asked for, once, without the pseudo-columns."""
        found = [column for record in self.records for column in record.columns()]
        found += [column for each in self.expect for column in (each.column, each.once) if column]
        found += self.fill_down
        return tuple(dict.fromkeys(column for column in found if column not in PSEUDO))

    def signature(self) -> tuple[str, ...]:
        return self.columns or self.named()


@dataclass(frozen=True)
class Mapping:
    """A mapping file. `source` is the namespace of its records' keys; `text` is what it was read from."""

    id: str
    title: str
    source: str
    tables: tuple[TableSpec, ...]
    text: str = ""
