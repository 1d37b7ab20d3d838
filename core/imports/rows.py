"""One row as a mapping sees it: its cells by name, its conditions, and the values of its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import TypeAlias

from django.utils.translation import gettext as _

from core.imports.dates import find_order
from core.imports.lists import find_separators, split_cell
from core.imports.mapping import PSEUDO, Each, RecordSpec, Said, Source, Spec, Split, TableSpec, Test
from core.imports.scalars import NoValue, convert
from core.imports.schema import Scalar, Value
from core.imports.tables import Table
from core.imports.words import fold, strip, tidy


@dataclass(frozen=True)
class Line:
    """A row of a table, its cells stripped, what the mapping calls blank taken out and what it fills down filled. `item` is
    the text by which a record was looked for that is now made from this row."""

    table: Table
    number: int
    cells: tuple[str, ...]
    item: str = ""

    def cell(self, column: str) -> str:
        """The text under a column; "" where there is none."""
        if column in PSEUDO:
            found = {"$file": self.table.path.stem, "$sheet": self.table.sheet, "$row": str(self.number), "$item": self.item}
            return found[column]
        place = self.table.position(column)
        return "" if place is None else self.cells[place]

    def holding(self, columns: tuple[str, ...], texts: tuple[str, ...]) -> Line:
        """The same row with other cells under these columns."""
        cells = list(self.cells)
        for column, text in zip(columns, texts, strict=True):
            place = self.table.position(column)
            if place is not None:
                cells[place] = text
        return replace(self, cells=tuple(cells))

    def texts(self, source: Source) -> list[str]:
        """What a source gives here, blanks left out."""
        if source.how == "column":
            text = self.cell(source.columns[0])
            return [text] if text else []
        if source.how == "constant":
            return [source.text]
        found = [self.cell(column) for column in source.columns]
        if source.how == "template":
            if not any(found):
                return []
            cells = dict(zip(source.columns, found, strict=True))
            text = "".join(cells[part] if is_column else part for is_column, part in source.parts)
            return [tidy(text)]
        found = [text for text in found if text]
        if source.how == "join":
            return [source.text.join(found)] if found else []
        return found if source.how == "list" else found[:1]

    def passes(self, record: RecordSpec) -> bool:
        return all(self.meets(test) for test in record.when) and not any(self.meets(test) for test in record.unless)

    def meets(self, test: Test) -> bool:
        text = self.cell(test.column)
        return fold(text) in test.values if test.values else bool(text)


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a cell, for whoever knows the record."""

    code: str
    value: str
    sentence: str


def prepare(spec: TableSpec, table: Table) -> tuple[RecordSpec, ...]:
    """The table's records, with all settled that is found by looking at whole columns: separators and the order of dates."""
    specs = [each for record in spec.records for each in nested(record.specs)]
    dates = [each for each in specs if each.field.type in ("date", "year")]
    dated = [each for each in dates if not each.reading.order and not each.reading.formats]
    order = find_order(chain.from_iterable(table.cells_of(column) for each in dated for column in each.columns))

    def settle_split(split: Split, columns: tuple[str, ...]) -> Split:
        if not split.auto:
            return split
        cells = chain.from_iterable(table.cells_of(column) for column in columns)
        return replace(split, separators=find_separators(cells), auto=False)

    def settle(each: Spec) -> Spec:
        columns = tuple(column for source in each.sources for column in source.columns)
        return replace(
            each,
            split=each.split and settle_split(each.split, columns),
            reading=replace(each.reading, order=each.reading.order or order),
            link=each.link and replace(each.link, create=tuple(settle(made) for made in each.link.create)),
        )

    return tuple(
        replace(
            record,
            specs=tuple(settle(each) for each in record.specs),
            each=record.each and replace(record.each, split=settle_split(record.each.split, record.each.columns)),
        )
        for record in spec.records
    )


def nested(specs: tuple[Spec, ...]) -> Iterator[Spec]:
    for spec in specs:
        yield spec
        yield from spec.link.create if spec.link else ()


def lines(spec: TableSpec, table: Table) -> Iterator[Line]:
    """The rows of a table, with what is filled down from the rows above."""
    above = ("",) * len(spec.fill_down)
    for row in table.rows:
        cells = tuple(strip(cell) for cell in row.cells)
        if spec.blanks:
            cells = tuple("" if fold(cell) in spec.blanks else cell for cell in cells)
        line = Line(table, row.number, cells)
        if spec.fill_down:
            above = tuple(line.cell(column) or before for column, before in zip(spec.fill_down, above, strict=True))
            line = line.holding(spec.fill_down, above)
        yield line


def take_apart(text: str, split: Split) -> list[str]:
    return split_cell(text, split.separators, brackets=split.brackets, item=split.item) if text else []


def items(line: Line, each: Each | None) -> tuple[list[Line], list[Complaint]]:
    """The line once for each item of its list; once as it is if the list is blank."""
    if each is None:
        return [line], []
    columns = [take_apart(line.cell(column), each.split) for column in each.columns]
    complaints = []
    if len({len(found) for found in columns if found}) > 1:
        sentence = _("These lists have different lengths; the shorter ones are filled up with blanks.")
        value = " / ".join(line.cell(column) for column in each.columns)
        complaints.append(Complaint("lists-differ", value, sentence))
    found = [line.holding(each.columns, texts) for texts in zip_longest(*columns, fillvalue="")]
    return found or [line], complaints


def understood(spec: Spec, text: str) -> Said:
    """What the mapping says a text means. Raises NoValue."""
    said = spec.values.get(fold(text)) if spec.values else None
    if said is not None:
        return said
    if spec.otherwise == "keep":
        return Said(text)
    try:
        # A choice that is already written as the product writes it needs no entry.
        if spec.field.choices:
            return Said(str(convert(spec.field, text, spec.reading)))
        raise NoValue("no-meaning", _("The mapping does not say what this means."))
    except NoValue:
        if spec.otherwise == "fault":
            raise
        return Said(None) if spec.otherwise == "blank" else spec.otherwise


def shares(spec: Spec, source: Source, line: Line) -> tuple[list[str], list[Said], list[Complaint]]:
    """The texts of one source of a field, and what each of their items means, repetitions and blanks left out."""
    raws = line.texts(source)
    found = raws
    if spec.split:
        found = [text for raw in raws for text in take_apart(raw, spec.split)]
    meant, complaints = [], []
    for text in found:
        try:
            said = understood(spec, text)
        except NoValue as error:
            complaints.append(Complaint(error.code, text, str(error)))
            continue
        if said.say:
            complaints.append(Complaint("said", text, said.say))
        if said.value is not None:
            meant.append(said)
    return raws, list(dict.fromkeys(meant)), complaints


Evaluation: TypeAlias = tuple[Value | None, bool, list[Complaint]]


def evaluate(spec: Spec, line: Line) -> Evaluation:
    """The value of a field that is no reference, None for blank; whether it only stands in for a blank cell; and what is
    wrong with the cell."""
    raws, meant, complaints = shares(spec, spec.sources[0], line)
    standing_in = not raws
    if standing_in:
        said = spec.blank or spec.values.get("") or Said(None)
        if said.say:
            complaints.append(Complaint("said", "", said.say))
        meant = [said] if said.value is not None else []
    values: list[Scalar] = []
    for said in meant:
        try:
            values.append(convert(spec.field, said.value or "", spec.reading))
        except NoValue as error:
            complaints.append(Complaint(error.code, said.value or "", str(error)))
    values = list(dict.fromkeys(value for value in values if value != ""))
    if not values:
        return None, standing_in, complaints
    if spec.field.many:
        return tuple(values), standing_in, complaints
    if len(values) > 1 and not spec.take:
        sentence = _("This holds several values and only one fits; the first is kept.")
        complaints.append(Complaint("several", " ".join(raws), sentence))
    return values[-1] if spec.take == "last" else values[0], standing_in, complaints
