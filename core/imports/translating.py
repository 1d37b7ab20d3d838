"""From tables and a mapping to records and faults. Nothing is written; the caller does that."""

from __future__ import annotations

import collections.abc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from django.utils.translation import gettext as _

from core.imports.faults import Fault
from core.imports.finding import require
from core.imports.mapping import Mapping, RecordSpec, Spec, TableSpec
from core.imports.references import Resolver
from core.imports.results import Draft, Ledger, Pending, Result, bag, identity, merge
from core.imports.rows import Complaint, Evaluation, Line, evaluate, items, lines, prepare, shares
from core.imports.schema import Kind, Schema, Value
from core.imports.tables import Table
from core.imports.words import nearest

Known = collections.abc.Mapping[str, Iterable[collections.abc.Mapping[str, object]]]
# The table's name, rows that are read, rows that there are.
Watch = Callable[[str, int, int], None]
STRIDE = 500


def watched_by_nobody(_table: str, _done: int, _of: int) -> None:
    return None


def translate(
    schema: Schema, mapping: Mapping, tables: Sequence[Table], known: Known | None = None, watch: Watch = watched_by_nobody
) -> Result:
    """The records that the tables give, in the order of schema, tables and rows; linear in the rows.

    `known` are records that are already there, by kind, each with at least its key fields: references may mean them, and
    they are not given back. `watch` is told which table is read and how far. Raises ImportRefused if the mapping does not
    fit the tables.
    """
    found = require(mapping, tables)
    work = Gathering(schema, known or {}, watch)
    for place, table in found.pairs:
        work.read(mapping.tables[place], table)
    work.finish()
    return Result(
        {kind.name: tuple(draft.frozen() for draft in work.sound(kind.name)) for kind in schema.kinds},
        work.ledger.ordered([table.name for _place, table in found.pairs]),
        work.ledger.refused,
        tuple((mapping.tables[place].name, table.name) for place, table in found.pairs),
        tuple(table.name for table in found.unused),
    )


class Gathering:
    """One translation under way: the drafts by kind and key, and the faults."""

    def __init__(self, schema: Schema, known: Known, watch: Watch) -> None:
        self.schema = schema
        self.watch = watch
        self.ledger = Ledger()
        self.drafts: dict[str, dict[str, Draft]] = {kind.name: {} for kind in schema.kinds}
        self.known: dict[str, dict[str, Draft]] = {kind.name: {} for kind in schema.kinds}
        for name, values in known.items():
            kind = schema.by_name[name]
            for each in values:
                said = {field: bag(cast(Value, value)) for field, value in each.items() if value not in (None, "", ())}
                key = identity([str(said[part]) for part in kind.key])
                self.known[name][key] = Draft(kind, key, "", 0, values=said)

    def sound(self, kind: str) -> list[Draft]:
        return [draft for draft in self.drafts[kind].values() if not draft.refused]

    def read(self, spec: TableSpec, table: Table) -> None:
        """All rows of one table."""
        self.remark(spec, table)
        records = prepare(spec, table)
        met: set[tuple[int, str]] = set()
        for done, line in enumerate(lines(spec, table)):
            if done % STRIDE == 0:
                self.watch(table.name, done, len(table.rows))
            self.expect(spec, line, met)
            for place, record in enumerate(records):
                split, complaints = items(line, record.each)
                for each in split:
                    if each.passes(record) and present(record, each, first=place == 0):
                        self.gather(record, each)
                if complaints and line.passes(record):
                    self.complain(record.kind, ", ".join(record.each.columns if record.each else ()), line, complaints)

    def remark(self, spec: TableSpec, table: Table) -> None:
        """What is wrong with the table as such: rows that are none, and columns that it lacks."""
        for fault in table.faults:
            self.ledger.faults.append(fault)
            if fault.severity == "refused":
                self.ledger.refuse_row(spec.records[0].kind.name)
        for column in spec.named():
            if table.position(column) is None:
                meant = nearest(column, table.columns)
                hint = _("Did you mean “%(meant)s”?") % {"meant": meant} if meant else ""
                sentence = _("The mapping names the column “%(column)s”, which this table does not have.") % {"column": column}
                self.ledger.faults.append(Fault(table.name, 1, column, "", f"{sentence} {hint}".strip(), "note", "column-absent"))

    def expect(self, spec: TableSpec, line: Line, met: set[tuple[int, str]]) -> None:
        for place, wanted in enumerate(spec.expect):
            if line.cell(wanted.column):
                continue
            once = line.cell(wanted.once) if wanted.once else ""
            if once and (place, once) in met:
                continue
            met.add((place, once))
            sentence = wanted.say or _("“%(column)s” is blank.") % {"column": wanted.column}
            self.ledger.add((line.table.name, line.number), wanted.column, "", sentence, "blank")

    def gather(self, record: RecordSpec, line: Line) -> None:
        """What one row says of one record."""
        kind = record.kind
        key, found = self.key(kind, record.specs, line)
        where = (line.table.name, line.number)
        columns = ", ".join(spec.label for spec in record.specs if spec.field.name in kind.key)
        if not key:
            told = [each.sentence for _value, _standing_in, complaints in found.values() for each in complaints]
            sentence = _("There is no key for this entry in %(kind)s.") % {"kind": kind.title}
            self.ledger.add(where, columns, "", " ".join([sentence, *told]), "no-key", kind.name, "refused")
            self.ledger.refuse_row(kind.name)
            return
        have = self.drafts[kind.name].get(key)
        if have and record.repeated == "refuse":
            sentence = _("“%(key)s” stands already in %(table)s, row %(row)d.")
            words = {"key": key, "table": have.table, "row": have.row}
            self.ledger.add(where, columns, key, sentence % words, "repeated", kind.name, "refused")
            self.ledger.refuse_row(kind.name)
            return
        if have is None:
            have = self.drafts[kind.name][key] = Draft(kind, key, *where)
        self.fill(have, record.specs, line, found)

    def key(self, kind: Kind, specs: tuple[Spec, ...], line: Line) -> tuple[str, dict[str, Evaluation]]:
        """The key of a record and the values it is made of; "" if any of them is blank."""
        found = {spec.field.name: evaluate(spec, line) for spec in specs if spec.field.name in kind.key}
        parts = ["" if found[name][0] is None else str(found[name][0]) for name in kind.key]
        return (identity(parts) if all(parts) else ""), found

    def fill(self, draft: Draft, specs: tuple[Spec, ...], line: Line, found: dict[str, Evaluation]) -> None:
        """Merge a row's fields into a record; references wait until all records are there."""
        for spec in specs:
            name = spec.field.name
            if spec.link:
                self.postpone(draft, spec, line)
            else:
                value, standing_in, complaints = found.get(name) or evaluate(spec, line)
                if complaints:
                    draft.faults.setdefault(name, []).extend(self.complain(draft.kind, spec.label, line, complaints))
                if value is not None and standing_in:
                    draft.fallback.setdefault(name, value)
                elif value is not None:
                    merge(draft, value, line, spec, self.ledger)
            if spec.keep_raw:
                raw = next((text for source in spec.sources for text in line.texts(source)), "")
                if raw:
                    # That the cells of two rows differ is told of the field itself. What does not fit is cut, not refused.
                    longest = draft.kind.by_name[spec.keep_raw].longest or len(raw)
                    draft.values.setdefault(spec.keep_raw, raw[:longest])

    def complain(self, kind: Kind, column: str, line: Line, complaints: list[Complaint]) -> list[int]:
        """Note what is wrong with a cell; gives the numbers of what may have left the field blank."""
        where = (line.table.name, line.number)
        numbers = [(each, self.ledger.add(where, column, each.value, each.sentence, each.code, kind.name)) for each in complaints]
        return [number for each, number in numbers if each.code not in ("said", "several")]

    def postpone(self, draft: Draft, spec: Spec, line: Line) -> None:
        """Put a reference aside; the same one from another row is put aside once."""
        found: list[tuple[str, ...]] = []
        raws: list[str] = []
        alternatives: list[str] = []
        for source in spec.sources:
            raw, meant, complaints = shares(spec, source, line)
            raws += raw
            if complaints:
                name = ", ".join(source.columns)
                draft.faults.setdefault(spec.field.name, []).extend(self.complain(draft.kind, name, line, complaints))
            texts = [said.value for said in meant if said.value]
            if spec.split or source.how == "list":
                found += [(text,) for text in texts]
            else:
                alternatives += texts
        if not raws:
            said = spec.blank or spec.values.get("")
            if said and said.say:
                self.complain(draft.kind, spec.label, line, [Complaint("said", "", said.say)])
            alternatives = [said.value] if said and said.value else []
        if alternatives:
            found.append(tuple(dict.fromkeys(alternatives)))
        if found:
            pending = Pending(spec, tuple(found), " ".join(raws), line)
            draft.links.setdefault(spec.field.name, {}).setdefault(pending.items, pending)

    def make(self, kind: Kind, specs: tuple[Spec, ...], line: Line, text: str) -> tuple[str, Draft | None]:
        """A record from a row that refers to it by this text, and its key: the text unless the mapping says otherwise. No
        record if there is one with this key, no key if the row has none."""
        line = replace(line, item=text)
        named = {spec.field.name for spec in specs}
        key, found = self.key(kind, specs, line) if named.issuperset(kind.key) else (identity([text]), {})
        if not key or key in self.drafts[kind.name] or key in self.known[kind.name]:
            return key, None
        draft = self.drafts[kind.name][key] = Draft(kind, key, line.table.name, line.number)
        if not named.issuperset(kind.key):
            draft.values[kind.key[0]] = key
        self.fill(draft, specs, line, found)
        return key, draft

    def finish(self) -> None:
        """Resolve the references, then refuse what is incomplete and what needs something that is refused."""
        Resolver(self.schema, self.drafts, self.known, self.ledger, self.make).resolve_all()
        for kind in self.schema.kinds:
            for draft in self.sound(kind.name):
                for name, value in draft.fallback.items():
                    draft.values.setdefault(name, bag(value))
        for kind in self.schema.kinds:
            if kind.tree:
                self.hang(kind)
        waiting: dict[tuple[str, str], list[tuple[Draft, str]]] = {}
        for kind in self.schema.kinds:
            for draft in self.sound(kind.name):
                for field in kind.fields:
                    have = draft.values.get(field.name) if field.refers_to else None
                    for key in have if isinstance(have, dict) else (have,) if have else ():
                        waiting.setdefault((field.refers_to, str(key)), []).append((draft, field.name))
                there = {**self.known[kind.name].get(draft.key, draft).values, **draft.values}
                lacking = next((field for field in kind.fields if field.required and field.name not in there), None)
                if lacking:
                    sentence = _("“%(key)s” in %(kind)s has no %(field)s.")
                    words = {"key": draft.key, "kind": kind.title, "field": lacking.title}
                    self.ledger.refuse(draft, lacking.name, sentence % words, "required")
                self.order(kind, draft)
        refused = [draft for kind in self.drafts.values() for draft in kind.values() if draft.refused]
        for target in refused:
            for draft, name in waiting.get((target.kind.name, target.key), ()):
                if self.release(draft, name, target):
                    refused.append(draft)

    def hang(self, kind: Kind) -> None:
        """Take out, with a note, what would put a record above itself or deeper than may be: the record is imported without."""
        drafts, known = self.drafts[kind.name], self.known[kind.name]

        def above(key: str) -> str:
            at = drafts[key].values.get(kind.tree) if key in drafts else None
            return str(at or (known[key].values.get(kind.tree) if key in known else None) or "")

        def way(key: str) -> list[str]:
            """The keys from this one up to the first that has nothing above it, or that comes for the second time."""
            found = [key]
            while len(set(found)) == len(found) and (up := above(found[-1])):
                found.append(up)
            return found

        hung = [draft for draft in self.sound(kind.name) if draft.values.get(kind.tree)]
        for draft in hung:  # circles first: a depth is counted where there is none
            if (line := way(draft.key))[-1] == draft.key:
                sentence = _("“%(key)s” would be below itself: %(way)s. It is imported without this.")
                self.unhang(draft, sentence % {"key": draft.key, "way": " < ".join(line)})
        sentence = _("“%(key)s” would stand below too many others: at most %(deepest)s levels. It is imported without this.")
        for key in [*known, *drafts]:
            while len(line := way(key)) > kind.deepest:
                moved = next((drafts[each] for each in line if each in drafts and drafts[each].values.get(kind.tree)), None)
                if moved is None:
                    break
                self.unhang(moved, sentence % {"key": moved.key, "deepest": kind.deepest})

    def unhang(self, draft: Draft, sentence: str) -> None:
        name = draft.kind.tree
        where = draft.origin.get(name, (draft.table, draft.row))
        self.ledger.add(where, "", str(draft.values.pop(name)), sentence, "tree", draft.kind.name)

    def order(self, kind: Kind, draft: Draft) -> None:
        """Refuse a record that ends before it begins."""
        for first, second in kind.in_order:
            begin, end = draft.values.get(first), draft.values.get(second)
            if isinstance(begin, date) and isinstance(end, date) and end < begin and not draft.refused:
                names = {"second": kind.by_name[second].title, "first": kind.by_name[first].title, "begin": begin, "end": end}
                sentence = _("%(second)s (%(end)s) lies before %(first)s (%(begin)s).") % names
                self.ledger.refuse(draft, second, sentence, "order")

    def release(self, draft: Draft, name: str, target: Draft) -> bool:
        """Take a refused record out of another; true if that is refused for it, too."""
        if draft.refused:
            return False
        field = draft.kind.by_name[name]
        value = draft.values[name]
        rest = {key: None for key in value if key != target.key} if isinstance(value, dict) else {}
        sentence = _("“%(key)s” in %(kind)s is refused, and this refers to it.")
        sentence %= {"key": target.key, "kind": target.kind.title}
        if rest:
            draft.values[name] = rest
        else:
            del draft.values[name]
        where = draft.origin.get(name, (draft.table, draft.row))
        number = self.ledger.add(where, "", draft.key, sentence, "reference-refused", draft.kind.name)
        if rest or not field.required:
            return False
        draft.faults[name] = [number]
        self.ledger.refuse(draft, name, sentence, "reference-refused")
        return True


def present(record: RecordSpec, line: Line, *, first: bool) -> bool:
    """Whether a row tells of a record at all: what names it or is required is not all blank, or, for the first record of a
    table, anything it is made of. What is only constant tells of it always."""
    columns = record.telling[0 if first else 1]
    return not columns or any(line.cell(column) for column in columns)
