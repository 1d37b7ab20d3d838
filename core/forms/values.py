"""What each text of a closed list means: said once, for all rows."""

from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.forms.imports import ShownForm
from core.imports import Mapping, MappingRefused, editing, load_mapping
from core.imports.editing import Editor
from core.imports.outline import MOST_VALUES, Outline
from core.imports.proposing import guess
from core.imports.schema import Field, Kind
from core.imports.words import fold
from core.models import Import


@dataclass
class ValueRow:
    """One text of a closed list: how it is written, how often, and its control. `undecided`: nobody has said what it means,
    and nothing suggests it."""

    spellings: tuple[str, ...]
    count: int
    suggested: bool
    undecided: bool
    control: BoundField


@dataclass
class ValuesPart:
    """One column that fills a closed list. `beside`: the field in which its words are kept as they are written."""

    outline: Outline
    record: dict[str, Any]
    kind: Kind
    field: Field
    column: str
    beside: str
    rows: list[ValueRow] = made(default_factory=list)
    too_many: bool = False

    @property
    def anchor(self) -> str:
        return f"part-{self.rows[0].control.name}" if self.rows else f"part-{slugify(self.column)}"

    @property
    def suggestions(self) -> bool:
        return any(row.suggested for row in self.rows)

    @property
    def undecided(self) -> int:
        return sum(row.undecided for row in self.rows)

    @property
    def spelled(self) -> int:
        """How many spellings there are, the blank one among them."""
        return sum(len(row.spellings) for row in self.rows)


class ImportValuesForm(ShownForm):
    """What each text of a closed list means: said once, for all rows."""

    NOTHING = "-"

    def __init__(self, *args: Any, imported: Import, **options: Any) -> None:
        super().__init__(*args, imported=imported, **options)
        self.editor = Editor(imported.mapping, imported.kind.schema, imported.outlines)
        whole = editing.loaded(imported.mapping, imported.kind.schema)
        self.parts: list[ValuesPart] = []
        for outline in self.editor.outlines:
            for record, kind, each, column in self.editor.closed(outline):
                self.parts.append(self._part(len(self.parts), outline, record, kind, each, column, whole))

    def _part(
        self, number: int, outline: Outline, record: dict[str, Any], kind: Kind, each: Field, column: str, whole: Mapping | None
    ) -> ValuesPart:
        value = record["fields"][each.name]
        beside = str(value.get("keep_raw", "")) if isinstance(value, dict) else ""
        part = ValuesPart(outline, record, kind, each, column, beside)
        split, blanks = _read(whole, self.editor, outline, kind, each)
        meant, blank = editing.has(record, each)
        found = outline.values(column, split, blanks)
        part.too_many = not found or len(found) > MOST_VALUES
        for place, (spellings, count) in enumerate(found[:MOST_VALUES]):
            text = spellings[0]
            said = blank if not text else (meant[fold(text)] or self.NOTHING) if fold(text) in meant else ""
            proposed = "" if said or not text else guess(each, text)
            name = f"v{number}-{place}"
            self.fields[name] = forms.ChoiceField(
                label=text or _("a blank cell"), required=False, choices=self._choices(each, text), initial=said or proposed
            )
            part.rows.append(ValueRow(spellings, count, bool(proposed), not said and not proposed and bool(text), self[name]))
        part.rows.sort(key=lambda row: not row.undecided)
        return part

    def _choices(self, each: Field, text: str) -> list[tuple[str, str]]:
        undecided = _("Not decided: a note on each row") if text else _("Nothing")
        nothing = [(self.NOTHING, _("Nothing: left blank"))] if text else []
        return [("", undecided), *each.labelled(), *nothing]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors:
            return given
        for part in self.parts:
            meant: dict[str, str | None] = {}
            blank = ""
            for row in part.rows:
                choice = given.get(row.control.name, "")
                if not row.spellings[0]:
                    blank = choice
                elif choice:
                    meant[row.spellings[0]] = None if choice == self.NOTHING else choice
            editing.set_values(part.record, part.field, meant, blank)
        text = editing.dump(self.editor.raw)
        try:
            load_mapping(text, self.imported.kind.schema)
        except MappingRefused as error:
            self.add_error(None, error.mistakes)
        return given | {"mapping": text}


def _read(whole: Mapping | None, editor: Editor, outline: Outline, kind: Kind, each: Field) -> tuple[Any, frozenset[str]]:
    """How the engine takes a cell apart, and what it takes for blank."""
    table = editor.places.get(outline.name)
    if whole is None or table is None:
        return None, frozenset()
    spec = whole.tables[next(place for place, raw in enumerate(editor.tables) if raw is table)]
    found = (each_spec for record in spec.records if record.kind is kind for each_spec in record.specs if each_spec.field is each)
    first = next(found, None)
    return (first.split if first else None), spec.blanks
