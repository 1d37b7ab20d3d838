"""Which column may fill which field: by the words of their names, by synonyms, and by what the cells look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from core.imports.lists import find_separators
from core.imports.scalars import NoValue, Reading, convert
from core.imports.schema import Field, Kind, Schema
from core.imports.tables import Table
from core.imports.words import heading, nearest, words_of
from core.imports.yamltext import read_yaml

LEAST = 0.5
# How much of a column must look like the field's type before it is suggested for it.
SAMPLE, SHARE = 50, 0.5
NOISE = {"raw", "full", "the", "of", "original", "value"}


@dataclass(frozen=True)
class Suggestion:
    """A column that may fill a field of a kind; `score` is from 0.5 (a guess) to 1 (the same name)."""

    column: str
    kind: str
    field: str
    score: float


@cache
def meanings() -> dict[str, str]:
    """For each word of the list of synonyms, the first word of its line."""
    path = Path(__file__).with_name("synonyms.yaml")
    lines = read_yaml(path.read_text(encoding="utf-8"), path.name)
    found: dict[str, str] = {}
    for line in lines if isinstance(lines, list) else ():
        for word in line:
            found.setdefault(word, line[0])
    return found


def stem(word: str) -> str:
    """A word without its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(4096)
def meaning(text: str) -> frozenset[str]:
    """The words of a name, each as the first of its synonyms."""
    stems = [stem(word) for word in words_of(text) if word not in NOISE]
    return frozenset(meanings().get(word, word) for word in stems)


def own_words(kind: Kind) -> frozenset[str]:
    """The words by which a column says that it is about this kind."""
    return stems_of((kind.name, kind.label, *kind.words))


@lru_cache(4096)
def stems_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for name in names for word in words_of(name))


def about(kind: Kind, column: str) -> bool:
    return bool(own_words(kind) & stems_of((column,)))


def without(words: frozenset[str], kind: Kind) -> frozenset[str]:
    return words - own_words(kind) - frozenset(meanings().get(word, word) for word in own_words(kind))


def likeness(column: str, field: Field, kind: Kind, target: Kind | None) -> float:
    """How much a column name is like a field's, from 0 to 1."""
    if heading(column) == heading(field.name):
        return 1.0
    words = without(meaning(column), kind)
    if target and target is not kind:  # what refers to its own kind is found by its own words alone
        # A reference: the other kind's own word, alone or with "id" or "name".
        rest = without(meaning(column), target)
        if about(target, column):
            return 0.9 if not rest else 0.8 if rest <= {"key", "name"} else 0.0
    best = 0.0
    for name in (field.name, field.label, *field.words):
        wanted = without(meaning(name), kind) if name else frozenset()
        if not wanted or not words:
            continue
        if words == wanted:
            best = max(best, 0.97 if name == field.name else 0.95)
        elif words & wanted:
            best = max(best, 0.4 + 0.5 * len(words & wanted) / len(words | wanted))
        elif nearest(" ".join(sorted(words)), [" ".join(sorted(wanted))]):
            best = max(best, LEAST)
    if not words and about(kind, column) and field.name in kind.called_by():
        # "Host" alone is the host's name, or its key if it has no other.
        best = 0.7 if field.name in kind.names else 0.6
    return best


def looks_like(field: Field, table: Table, column: str) -> bool:
    """Whether at least half of the first cells can be values of the field."""
    if field.type in ("text", "choice", "reference"):
        return True
    cells = list(islice((cell for cell in table.cells_of(column) if cell), SAMPLE))
    fitting = sum(possible(field, cell) for cell in cells)
    return not cells or fitting >= SHARE * len(cells) or several(field, table, column)


def several(field: Field, table: Table, column: str) -> bool:
    """Whether the first cells are lists though the field holds one value: at least a quarter of them is no such value as a
    whole, and nearly all of their first items are."""
    if field.many or field.type in ("text", "choice", "reference", "date"):
        return False
    cells = list(islice((cell for cell in table.cells_of(column) if cell), SAMPLE))
    separators = find_separators(cells)
    lists = [cell for cell in cells if separators and separators[0] in cell and not possible(field, cell)]
    sound = sum(possible(field, cell.split(separators[0])[0].strip()) for cell in lists)
    return 4 * len(lists) >= len(cells) > 0 and sound >= 0.9 * len(lists)


def possible(field: Field, cell: str) -> bool:
    try:
        convert(field, cell, Reading(order="day-first"))
    except NoValue:
        return False
    return True


def suggest(schema: Schema, kind: Kind, table: Table, *, bare: bool) -> list[Suggestion]:
    """For each field of a kind at most one column, and no column twice, in the order of the fields. Unless `bare`, a column
    must say that it is about this kind: in a table of people, "host city" is the host's and "city" is not."""
    found = []
    for place, column in enumerate(table.columns):
        if not bare and not about(kind, column):
            continue
        for field in kind.fields:
            score = likeness(column, field, kind, schema.by_name.get(field.refers_to))
            if bare and any(about(other, column) for other in schema.kinds if other is not kind) and not field.refers_to:
                score *= 0.6
            if score >= LEAST and looks_like(field, table, column):
                found.append((-score, place, field.name, column))
    taken: dict[str, Suggestion] = {}
    used: set[str] = set()
    for score, _place, name, column in sorted(found):
        if name not in taken and column not in used:
            taken[name] = Suggestion(column, kind.name, name, -score)
            used.add(column)
    return [taken[field.name] for field in kind.fields if field.name in taken]


def main_kinds(schema: Schema, tables: Sequence[Table]) -> dict[str, Kind]:
    """For each table (by name) the kind that its rows are: the one that knows most of its columns, where the name of the
    file or sheet counts for one and a half."""

    def score(kind: Kind, table: Table) -> float:
        named = about(kind, table.sheet) or about(kind, table.path.stem)
        return 1.5 * named + sum(each.score for each in suggest(schema, kind, table, bare=True))

    return {table.name: max(schema.kinds, key=lambda kind: score(kind, table)) for table in tables}
