"""Changing a mapping file by hand at the desk: which column fills which field, and what each value means. The text stays the
one truth; what these forms cannot say is kept as it stands."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.imports.faults import ImportRefused
from core.imports.finding import match
from core.imports.loading import load_mapping
from core.imports.mapping import PSEUDO, VERSION
from core.imports.mapping import Mapping as ImportMapping
from core.imports.outline import Outline
from core.imports.proposing import key_column, propose
from core.imports.schema import Field, Kind, Schema
from core.imports.suggesting import several
from core.imports.tables import Table
from core.imports.words import fold, heading, strip
from core.imports.yamltext import read_yaml

Raw = dict[str, Any]
# A key that is made of the columns of what a record joins; and what a mapping file says that a form cannot.
# No column is called so: control characters are taken out of what is read.
JOINED, KEPT = "\x00joined", "\x00kept"
Absent = Literal["blank", "refuse", "create"]
WORDS_SHOWN = 160


@dataclass(frozen=True)
class Filled:
    """How a field is filled: by a column, by a joined key, or in a way that only the file can say (`words`). `besides` are the
    options of the file that the forms do not show."""

    how: Literal["", "column", "joined", "kept"] = ""
    column: str = ""
    absent: str = "blank"
    words: str = ""
    besides: tuple[str, ...] = ()

    @property
    def choice(self) -> str:
        """What is chosen in the form."""
        return {"": "", "column": self.column, "joined": JOINED, "kept": KEPT}[self.how]


@dataclass(frozen=True)
class Choice:
    """What a person chose for a field: a column, "" for nothing, JOINED or KEPT; for a reference, what if nothing is found."""

    column: str
    absent: str = "blank"


# For each table (by name) and kind, the fields.
Choices = Mapping[str, Mapping[str, Mapping[str, Choice]]]
SHOWN = {"column", "by", "values", "blank", "keep_raw", "absent", "create"}


def parse(text: str) -> Raw:
    """The content of a mapping file. Raises MappingRefused."""
    content = read_yaml(text, "mapping")
    return content if isinstance(content, dict) else {}


def dump(raw: Raw) -> str:
    """A mapping file. Texts that YAML would take for something else are quoted."""
    import yaml

    return str(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=120))


def begin(schema: Schema, mapping_id: str, title: str) -> Raw:
    """A mapping of nothing yet."""
    raw = {"schema": VERSION, "id": mapping_id, "title": title, "source": mapping_id}
    return raw | ({"for": schema.name} if schema.name else {}) | {"tables": []}


def loaded(text: str, schema: Schema) -> ImportMapping | None:
    """The mapping, or None while it is not whole."""
    try:
        return load_mapping(text, schema) if "\n" in text else None
    except ImportRefused:
        return None


class Editor:
    """One mapping and the tables it is for."""

    def __init__(self, text: str, schema: Schema, outlines: Sequence[Outline]) -> None:
        self.schema, self.outlines = schema, outlines
        self.raw = parse(text)
        self.tables: list[Raw] = self.raw.setdefault("tables", [])
        self.places = self._places(text)

    def _places(self, text: str) -> dict[str, Raw]:
        """For each outline, by name, the part of the mapping that reads it: as the engine would, or, while the mapping is not
        whole, the part that was made for these columns."""
        mapping = loaded(text, self.schema)
        if mapping:
            found = match(mapping, [outline.as_table() for outline in self.outlines]).pairs
            return {table.name: self.tables[place] for place, table in found}
        found_places: dict[str, Raw] = {}
        for outline in self.outlines:
            have = {heading(column) for column in outline.columns}
            for table in self.tables:
                wanted = {heading(column) for column in table.get("columns", ())}
                if wanted and wanted <= have and not any(table is taken for taken in found_places.values()):
                    found_places[outline.name] = table
                    break
        return found_places

    def records(self, outline: Outline) -> list[Raw]:
        records: list[Raw] = self.places.get(outline.name, {}).get("records") or []
        return records

    def record(self, outline: Outline, kind: Kind) -> Raw | None:
        """The first record of this kind that a row of the table gives."""
        return next((each for each in self.records(outline) if each.get("kind") == kind.name), None)

    def filled(self, outline: Outline, kind: Kind, field: Field) -> Filled:
        record = self.record(outline, kind)
        value = (record or {}).get("fields", {}).get(field.name)
        return Filled() if value is None else read_field(value, outline, kind, record or {})

    def beyond(self, outline: Outline) -> list[str]:
        """Options of a table and its records that the forms do not show and keep."""
        table = self.places.get(outline.name, {})
        found = [name for name in table if name not in ("name", "columns", "records", "sheet")]
        found += [name for record in self.records(outline) for name in record if name not in ("kind", "fields")]
        kinds = [record.get("kind") for record in self.records(outline)]
        return list(dict.fromkeys([*found, *(str(kind) for kind in kinds if kinds.count(kind) > 1)]))

    def choose(self, choices: Choices) -> None:
        """Write what was chosen. A kind of which nothing is chosen is not given; a table that gives none is not read."""
        for outline in self.outlines:
            table = self.places.get(outline.name)
            if table is None:
                table = {"name": outline.name, **self._sheet(outline), "columns": usable(outline), "records": []}
            for kind in self.schema.kinds:
                self._choose(outline, table, kind, choices.get(outline.name, {}).get(kind.name, {}))
            if table["records"] and not any(table is each for each in self.tables):
                self.tables.append(table)
                self.places[outline.name] = table
            elif not table["records"]:
                self.tables[:] = [each for each in self.tables if each is not table]
                self.places.pop(outline.name, None)

    def _sheet(self, outline: Outline) -> Raw:
        """The sheet is named only where the columns do not tell it from another of the same workbook."""
        alike = [each for each in self.outlines if each.file == outline.file and each.columns == outline.columns]
        return {"sheet": outline.sheet} if outline.sheet and len(alike) > 1 else {}

    def _choose(self, outline: Outline, table: Raw, kind: Kind, chosen: Mapping[str, Choice]) -> None:
        records: list[Raw] = table["records"]
        record = next((each for each in records if each.get("kind") == kind.name), None)
        given = {name: choice for name, choice in chosen.items() if choice.column}
        if not given:
            if record is not None and chosen:
                records.remove(record)
            return
        if record is None:
            record = {"kind": kind.name, "fields": {}}
            records.append(record)
            records.sort(key=lambda each: self._order(each))
        before = record["fields"]
        fields: Raw = {}
        for field in kind.fields:
            choice = chosen.get(field.name)
            if choice is None or choice.column == KEPT:
                if field.name in before:
                    fields[field.name] = before[field.name]
            elif choice.column:
                fields[field.name] = self._field(outline, kind, field, choice, before, given, record)
        for field in kind.fields:
            as_written(kind, field, fields)
        record["fields"] = fields

    def _order(self, record: Raw) -> int:
        names = [kind.name for kind in self.schema.kinds]
        return names.index(record["kind"]) if record.get("kind") in names else len(names)

    def _field(
        self,
        outline: Outline,
        kind: Kind,
        field: Field,
        choice: Choice,
        before: Raw,
        given: Mapping[str, Choice],
        record: Raw,
    ) -> Any:
        """The value that the mapping file has for a field."""
        have = before.get(field.name)
        if choice.column == JOINED:
            columns = [given[name].column for name in joins(kind) if name in given]
            record["when"] = columns
            return {"template": "/".join(f"{{{column}}}" for column in columns), "as": "slug"}
        same = have is not None and read_field(have, outline, kind, record).column == choice.column
        value: Any = copy.deepcopy(have) if same else choice.column
        if not same:
            named = any(name in given and given[name].column == choice.column for name in kind.names)
            if field.name in kind.key and named:
                # A name as a key: in one spelling, so that a capital letter makes no second record.
                value = {"column": choice.column, "as": "slug"}
            elif several(field, outline.as_table(), choice.column):
                value = {"column": choice.column, "split": "auto", "take": "first"}
        if field.refers_to:
            value = referring(self.schema.by_name[field.refers_to], value, choice.absent)
        return value

    # Values.

    def closed(self, outline: Outline) -> list[tuple[Raw, Kind, Field, str]]:
        """(record, kind, field, column) of everything in this table that is one of a closed list."""
        found = []
        for record in self.records(outline):
            kind = self.schema.by_name.get(str(record.get("kind")))
            for field in kind.fields if kind else ():
                value = record.get("fields", {}).get(field.name)
                filled = read_field(value, outline, kind, record) if kind and value is not None else Filled()
                if kind and field.choices and filled.how == "column":
                    found.append((record, kind, field, filled.column))
        return found


def usable(outline: Outline) -> list[str]:
    """The columns of a table that a mapping can name: not those that are called like what every table has."""
    return [column for column in outline.columns if column not in PSEUDO]


def joins(kind: Kind) -> list[str]:
    """The fields by which a kind joins others: two or more, or it joins nothing."""
    found = [field.name for field in kind.fields if field.refers_to and field.required and not field.many]
    return found if len(found) > 1 else []


def read_field(value: Any, outline: Outline, kind: Kind, record: Raw) -> Filled:
    """How the mapping file fills a field, as the form shows it."""
    if isinstance(value, str):
        return in_table(Filled("column", strip(value)), outline)
    if not isinstance(value, dict):
        return Filled("kept", words=str(value)[:WORDS_SHOWN])
    by = value.get("by")
    column = value.get("column") if isinstance(value.get("column"), str) else by if isinstance(by, str) else ""
    besides = tuple(name for name in value if name not in SHOWN)
    absent = str(value.get("absent", "create" if "create" in value else "blank"))
    if column:
        return in_table(Filled("column", strip(column), absent, besides=besides), outline)
    fields = record.get("fields", {})
    wanted = [read_field(fields[name], outline, kind, {}).column for name in joins(kind) if name in fields and name != "key"]
    if "template" in value and wanted and value["template"] == "/".join(f"{{{each}}}" for each in wanted):
        return Filled("joined")
    return Filled("kept", words=said(value))


def in_table(filled: Filled, outline: Outline) -> Filled:
    """With the column's name as the table writes it; a column that it lacks, or that no table has, is kept as it stands."""
    place = outline.as_table().position(filled.column)
    if place is None:
        return Filled("kept", words=filled.column)
    return Filled("column", outline.columns[place], filled.absent, besides=filled.besides)


def said(value: Raw) -> str:
    """A part of a mapping file on one line."""
    import yaml

    text = " ".join(
        str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10_000)).split()
    )
    return text if len(text) <= WORDS_SHOWN else text[: WORDS_SHOWN - 1] + "…"


def creatable(kind: Kind) -> bool:
    """Whether a record of this kind can be made of the text that refers to it alone."""
    return all(not field.required or field.name in kind.called_by() for field in kind.fields)


def referring(target: Kind, value: Any, absent: str) -> Any:
    """A reference that says what happens when nothing is found."""
    long = {"by": value} if isinstance(value, str) else dict(value)
    had = "create" if "create" in long else str(long.get("absent", "blank"))
    if absent == had:
        return value
    for name in ("absent", "create"):
        long.pop(name, None)
    if absent == "refuse":
        long["absent"] = "refuse"
    elif absent == "create" and creatable(target):
        long["absent"] = "create"
        long["create"] = {name: "$item" for name in target.names[:1] or target.key[:1]}
    return long if len(long) > 1 else next(iter(long.values()))


def as_written(kind: Kind, field: Field, fields: Raw) -> None:
    """What a closed list cannot say is kept beside it, where the kind has a field for that and nothing else fills it."""
    beside = f"{field.name}_as_written"
    if not field.choices or beside not in kind.by_name or field.name not in fields:
        return
    value = fields[field.name]
    value = {"column": value} if isinstance(value, str) else value
    if beside in fields:
        value.pop("keep_raw", None)
    elif isinstance(value, dict):
        value.setdefault("keep_raw", beside)
    fields[field.name] = value


def set_values(record: Raw, field: Field, meant: Mapping[str, str | None], blank: str) -> None:
    """What each text of a closed list means: a choice, None for nothing; what is not named is not decided. A note that the
    file makes of a value stays while the value does."""
    value = record["fields"][field.name]
    value = {"column": value} if isinstance(value, str) else value
    before = {fold(text): said for text, said in (value.get("values") or {}).items()}
    values: Raw = {}
    for text, choice in meant.items():
        had = before.get(fold(text), "")
        stays = isinstance(had, dict) and (had.get("is") or None) == choice
        values[text] = had if stays else choice
    for name, new in (("values", values), ("blank", blank)):
        had_blank = value.get("blank")
        if name == "blank" and isinstance(had_blank, dict) and had_blank.get("is") == new:
            continue
        value.pop(name, None)
        if new:
            value[name] = new
    record["fields"][field.name] = value


def has(record: Raw, field: Field) -> tuple[dict[str, str | None], str]:
    """What a mapping file says that each text means, by folded text, and what a blank cell means."""

    def plain(said: Any) -> str | None:
        return (said.get("is") or None) if isinstance(said, dict) else (said or None)

    value = record["fields"][field.name]
    if not isinstance(value, dict):
        return {}, ""
    values = {fold(text): plain(meaning) for text, meaning in (value.get("values") or {}).items()}
    return values, plain(value.get("blank")) or values.pop("", None) or ""


def suggested(schema: Schema, outlines: Sequence[Outline]) -> dict[str, dict[str, dict[str, Choice]]]:
    """What the names of the columns suggest, as if a person had chosen it."""
    tables: list[Table] = [outline.as_table() for outline in outlines]
    plans = propose(schema, tables) if tables else {}
    found: dict[str, dict[str, dict[str, Choice]]] = {}
    for name, plan in plans.items():
        for kind, suggestions in plan:
            chosen = {each.field: Choice(each.column) for each in suggestions}
            key = key_column(kind, suggestions)
            if key:
                for part in kind.key:
                    chosen.setdefault(part, Choice(key))
            elif len([part for part in joins(kind) if part in chosen]) > 1:
                chosen[kind.key[0]] = Choice(JOINED)
            else:
                continue
            found.setdefault(name, {})[kind.name] = chosen
        own = found.get(name, {})
        for kind_name in [each for each in own if only_named(schema, own, each)]:
            del own[kind_name]
    return found


def only_named(schema: Schema, chosen: Mapping[str, Mapping[str, Choice]], name: str) -> bool:
    """Whether all that a row says of a kind is what another of its records calls it, and need not: what if there is no such
    entry is then asked of the reference."""
    columns = {choice.column for choice in chosen[name].values()}
    calls = [
        field
        for other in chosen
        if other != name
        for field in schema.by_name[other].fields
        if field.refers_to == name and field.name in chosen[other] and chosen[other][field.name].column in columns
    ]
    return len(columns) == 1 and bool(calls) and not any(field.required for field in calls)


def draft(schema: Schema, outlines: Sequence[Outline], mapping_id: str, title: str) -> str:
    """A mapping made of suggestions alone."""
    editor = Editor(dump(begin(schema, mapping_id, title)), schema, outlines)
    editor.choose(suggested(schema, outlines))
    return dump(editor.raw)
