"""Helping a person write a mapping: what the files have and the mappings want, and a first draft to edit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice

from django.utils.translation import gettext as _

from core.imports.finding import match, misses
from core.imports.mapping import VERSION, Mapping
from core.imports.scalars import NoValue, Reading, to_choice
from core.imports.schema import Field, Kind, Schema
from core.imports.suggesting import Suggestion, main_kinds, several, suggest
from core.imports.tables import Table
from core.imports.words import fold, loose, nearest

MOST_VALUES = 40


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


def describe(schema: Schema) -> str:
    """The kinds and fields that a mapping can fill, for a person who writes one."""
    lines = []
    for kind in schema.kinds:
        lines.append(f"{kind.name}" + (f"   {kind.help}" if kind.help else ""))
        for field in kind.fields:
            said: list[str] = [field.type]
            said += [_("→ %s") % field.refers_to] if field.refers_to else []
            said += [f"({', '.join(field.choices)})"] if field.choices else []
            said += [_("list")] if field.many else []
            said += [_("key")] if field.name in kind.key else []
            said += [_("required")] if field.required else []
            lines.append(f"  {field.name}: {' '.join(said)}" + (f"   {field.help}" if field.help else ""))
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


def draft_mapping(schema: Schema, tables: Sequence[Table], *, mapping_id: str = "my-mapping", title: str = "") -> str:
    """A mapping file as text, with every suggestion filled in and the rest as comments, for a person to edit."""
    lines = [
        _("# A draft: every line is a guess made from the names of the columns. Check it against docs/imports.md."),
        f"schema: {VERSION}",
        f"id: {quoted(mapping_id)}",
        f"title: {quoted(title or mapping_id)}",
        _("# Keys of records are kept under this name; files with the same ids share it."),
        f"source: {quoted(mapping_id)}",
        *([f"for: {quoted(schema.name)}"] if schema.name else []),
        "",
        "tables:",
    ]
    plans = propose(schema, tables)
    for table in tables:
        lines += draft_table(table, plans[table.name])
    if not any(key_column(kind, found) for plan in plans.values() for kind, found in plan):
        lines.append("  []")
    return "\n".join(lines) + "\n"


def draft_table(table: Table, plan: Plan) -> list[str]:
    records = [line for kind, found in plan for line in draft_record(table, kind, found)]
    sure = any(not line.lstrip().startswith("#") for line in records)
    lines = [
        f"  - name: {quoted(table.sheet or table.path.stem)}",
        *([f"    sheet: {quoted(table.sheet)}"] if table.sheet else []),
        f"    columns: [{', '.join(quoted(column) for column in table.columns)}]",
    ]
    used = {each.column for each in everything(plan)}
    if unused := [column for column in table.columns if column not in used]:
        lines.append(comment("    ", _("not used: %s") % ", ".join(quoted(column) for column in unused)))
    lines += ["    records:", *records]
    return lines if sure else [f"  # {line[2:]}" if not line.lstrip().startswith("#") else line for line in lines]


def draft_record(table: Table, kind: Kind, found: list[Suggestion]) -> list[str]:
    """One record. One without any column for its key is all comment."""
    by_field = {each.field: each.column for each in found}
    references = [each.column for each in found if kind.by_name[each.field].refers_to and kind.by_name[each.field].required]
    key = key_column(kind, found)
    lines = [f"      - kind: {kind.name}"]
    if not key and len(references) > 1:
        lines.append(f"        when: [{', '.join(quoted(column) for column in references)}]")
    lines.append("        fields:")
    for field in kind.fields:
        if field.name in by_field:
            lines += draft_field(table, field, by_field[field.name])
        elif field.name in kind.key and key:
            # A name as a key: in one spelling, so that a capital letter makes no second record.
            lines.append(f"          {field.name}: {{column: {quoted(key)}, as: slug}}")
        elif field.name in kind.key and len(references) > 1:
            template = "/".join(f"{{{column}}}" for column in references)
            lines.append(f"          {field.name}: {{template: {quoted(template)}, as: slug}}")
        else:
            wanted = _("required") if field.required or field.name in kind.key else field.type
            lines.append(comment("          ", f"{field.name}:   ({wanted})"))
    if key or len(references) > 1:
        return lines
    return [f"      # {line.strip()}" if not line.lstrip().startswith("#") else line for line in lines]


def draft_field(table: Table, field: Field, column: str) -> list[str]:
    if several(field, table, column):
        return [f"          {field.name}: {{column: {quoted(column)}, split: auto, take: first}}"]
    if not field.choices:
        return [f"          {field.name}: {quoted(column)}"]
    lines = [f"          {field.name}:", f"            column: {quoted(column)}"]
    cells = {fold(cell): cell for cell in table.cells_of(column) if cell}
    known: list[str] = []
    unknown: list[str] = []
    for cell in islice(cells.values(), MOST_VALUES):
        meant = guess(field, cell)
        (known if meant else unknown).append(f"              {quoted(cell)}: {meant}".rstrip())
    lines.append(comment("            ", _("what it says: one of %s") % ", ".join(field.choices)))
    lines.append("            values:" if known else "            # values:")
    return [*lines, *known, *(comment("              ", line) for line in unknown)]


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


def comment(indent: str, text: str) -> str:
    """A comment on one line, whatever the names in it hold."""
    return f"{indent}# {' '.join(text.split())}"


def quoted(text: str) -> str:
    """A text as YAML: bare where that is safe, else as JSON writes it, which YAML reads."""
    bare = text.replace("_", "").replace("-", "").replace(" ", "")
    if bare.isascii() and bare.isalnum() and text[0].isalpha() and text == " ".join(text.split()):
        return json.dumps(text) if text.casefold() in ("null", "true", "false", "yes", "no", "on", "off") else text
    return json.dumps(text, ensure_ascii=False)
