"""Helping a person write a mapping: what the files have, what the mappings want, and what may fill what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from core.imports.finding import match, misses
from core.imports.mapping import Mapping
from core.imports.scalars import NoValue, Reading, to_choice
from core.imports.schema import Field, Kind, Schema
from core.imports.suggesting import Suggestion, main_kinds, suggest
from core.imports.tables import Table
from core.imports.words import loose, nearest


def explain_misfit(schema: Schema, mappings: Iterable[Mapping], tables: Sequence[Table]) -> str:
    """For a person whose files no mapping fits: each file with its columns and what they may fill, and for each mapping
    what it misses."""
    lines = [_("No mapping fits these files."), ""]
    plan = propose(schema, tables)
    for table in tables:
        lines.append(_("%(table)s (%(rows)d rows) has the columns:") % {"table": table.name, "rows": len(table.rows)})
        for column in table.columns:
            fields = [f"{each.kind}.{each.field}" for each in everything(plan[table.name]) if each.column == column]
            lines.append(f"  {column}" + (f"  →  {', '.join(fields)} ?" if fields else ""))
        lines.append("")
    for mapping in mappings:
        lines.append(_("The mapping “%(title)s” misses:") % {"title": mapping.title})
        lines += [f"  {line}" for line in misses(match(mapping, tables), tables)]
        lines.append("")
    lines.append(_("Write a mapping file for them (docs/imports.md), and name it with --mapping."))
    return "\n".join(lines)


Plan = list[tuple[Kind, list[Suggestion]]]


def everything(plan: Plan) -> list[Suggestion]:
    return [each for _kind, found in plan for each in found]


def propose(schema: Schema, tables: Sequence[Table]) -> dict[str, Plan]:
    """For each table, by name, the kinds that its rows may give, with the columns that may fill them."""
    main = main_kinds(schema, tables)
    plans: dict[str, Plan] = {}
    for table in tables:
        own = main[table.name]
        plan: Plan = [(own, suggest(schema, own, table, bare=True))]
        for kind in schema.kinds:
            # What has a table of its own is only referred to elsewhere.
            if kind in main.values():
                continue
            found = suggest(schema, kind, table, bare=False)
            if any(each.field in kind.called_by() for each in found):
                plan.append((kind, found))
        for each in everything(plan):
            target = schema.by_name[each.kind].by_name[each.field].refers_to
            if target and schema.by_name[target] not in (*main.values(), *(kind for kind, _found in plan)):
                kind = schema.by_name[target]
                plan.append((kind, [Suggestion(each.column, target, (*kind.names, *kind.key)[0], 0.6)]))
        for kind in schema.kinds:
            if kind not in main.values() and all(kind is not each for each, _found in plan):
                plan += [(kind, found)] if (found := joined(kind, plan)) else []
        # Others first: a row's own record refers to them.
        plans[table.name] = sorted((each for each in plan if each[1]), key=lambda each: schema.kinds.index(each[0]))
    return plans


def joined(kind: Kind, plan: Plan) -> list[Suggestion]:
    """A kind that only joins others (a stay: who, where): suggested where a row has all that it joins."""
    keys = {each.name: key_column(each, found) for each, found in plan}
    wanted = [field for field in kind.fields if field.refers_to and not field.many]
    needed = [keys.get(field.refers_to) for field in wanted if field.required]
    if len(needed) < 2 or not all(needed):
        return []
    return [Suggestion(keys[field.refers_to], kind.name, field.name, 0.6) for field in wanted if keys.get(field.refers_to)]


def key_column(kind: Kind, found: list[Suggestion]) -> str:
    """The column that may tell one record of a kind from another: its key's, else its name's."""
    by_field = {each.field: each.column for each in found}
    return next((by_field[name] for name in kind.called_by() if name in by_field), "")


def guess(field: Field, cell: str) -> str:
    """The choice that a cell probably means: the same word, one that looks like it, or the only one whose hints it has."""
    try:
        return to_choice(field, cell, Reading())
    except NoValue:
        pass
    if meant := nearest(cell, field.choices):
        return meant
    said = f" {loose(cell)} "
    hinted = {choice for choice, words in field.hints if any(f" {loose(word)} " in said for word in words.split(", "))}
    return hinted.pop() if len(hinted) == 1 else ""
