"""Which column fills which field: for each table and kind one select a field, what is suggested chosen already."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms.imports import ShownForm
from core.imports import Mapping, MappingRefused, editing, load_mapping
from core.imports.editing import JOINED, KEPT, Choice, Editor, Filled
from core.imports.outline import Outline
from core.imports.schema import Field, Kind, Schema
from core.models import Import

FEW = 3  # what a select shows of a column
BESIDES = {
    "as": gettext_lazy("in one spelling"),
    "split": gettext_lazy("the cell is a list"),
    "take": gettext_lazy("one of several is taken"),
    "date": gettext_lazy("the form of dates is set by the mapping file"),
    "otherwise": gettext_lazy("what other values mean is set by the mapping file"),
    "against": gettext_lazy("what it is compared with is set by the mapping file"),
    "match": gettext_lazy("how it is compared is set by the mapping file"),
}


@dataclass
class FieldRow:
    """One field of a kind: its control, and what is asked beside it."""

    field: Field
    kind: Kind
    filled: Filled
    suggested: bool
    control: BoundField
    absent: BoundField | None = None

    @property
    def is_key(self) -> bool:
        return self.field.name in self.kind.key

    @property
    def besides(self) -> str:
        """What else the mapping says of the cells, where no control shows it."""
        return "; ".join(str(BESIDES.get(name, name)) for name in self.filled.besides)


@dataclass
class KindPart:
    """What a row of a table says of one kind."""

    kind: Kind
    rows: list[FieldRow] = field(default_factory=list)

    @property
    def given(self) -> bool:
        return any(row.control.value() for row in self.rows)


@dataclass
class TablePart:
    """One table with everything its rows may give."""

    outline: Outline
    beyond: list[str]
    kinds: list[KindPart] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[str, list[str]]]:
        return [(column, self.outline.samples(column)) for column in self.outline.columns]

    @property
    def unused(self) -> list[str]:
        used = {row.filled.column for part in self.kinds for row in part.rows}
        return [column for column in self.outline.columns if column not in used]


class ImportColumnsForm(ShownForm):
    """Which column fills which field, for each table and kind. The controls are named by number: a name from a file is never
    part of one."""

    NEW = ""
    title = forms.CharField(label=gettext_lazy("Name of the list"), max_length=100)
    newer = forms.ChoiceField(
        label=gettext_lazy("Is it a newer version of a list that was imported before?"),
        required=False,
        help_text=gettext_lazy(
            "The records of that list are then found again by their keys and changed. Otherwise they are added."
        ),
    )

    def __init__(self, *args: Any, imported: Import, known: Sequence[Mapping], **options: Any) -> None:
        self.schema: Schema = imported.kind.schema
        self.outlines = imported.outlines
        self.editor = Editor(imported.mapping, self.schema, self.outlines)
        self.known = {mapping.source: mapping for mapping in reversed(known)}
        super().__init__(*args, imported=imported, **options)
        raw = self.editor.raw
        lists = {mapping.source: mapping.title for mapping in known}
        self.own = str(raw.get("source") or raw.get("id") or "")
        self.initial["title"] = str(raw.get("title") or raw.get("id") or "")[:100]
        self.initial["newer"] = self.own if self.own in lists else ""
        self.fields["newer"].choices = [(self.NEW, _("No, it is a new list")), *lists.items()]  # type: ignore[attr-defined]
        self.suggestions = editing.suggested(self.schema, self.outlines) if imported.origin == "suggested" else {}
        self.tables = [self._table(number, outline) for number, outline in enumerate(self.outlines)]

    def _table(self, number: int, outline: Outline) -> TablePart:
        part = TablePart(outline, self.editor.beyond(outline))
        usable = set(editing.usable(outline))
        columns = [(f"c{place}", _label(outline, column)) for place, column in enumerate(outline.columns) if column in usable]
        for kind_number, kind in enumerate(self.schema.kinds):
            kind_part = KindPart(kind)
            for field_number, each in enumerate(kind.fields):
                name = f"t{number}-{kind_number}-{field_number}"
                kind_part.rows.append(self._row(name, outline, kind, each, columns))
            part.kinds.append(kind_part)
        part.kinds.sort(key=lambda each: not each.given)
        return part

    def _row(self, name: str, outline: Outline, kind: Kind, each: Field, columns: list[tuple[str, str]]) -> FieldRow:
        filled = self.editor.filled(outline, kind, each)
        extra = []
        if each.name in kind.key and len(editing.joins(kind)) > 1:
            joined = " + ".join(kind.by_name[name].title for name in editing.joins(kind))
            extra.append(("joined", _("Made of: %(fields)s") % {"fields": joined}))
        if filled.how == "kept":
            extra.append(("kept", _("As the mapping file says: %(words)s") % {"words": filled.words}))
        label = _("%(field)s of %(kind)s in %(table)s") % {"field": each.title, "kind": kind.title, "table": outline.name}
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=[("", _("Not filled")), *extra, *columns], initial=_number(filled, outline)
        )
        absent = None
        if each.refers_to:
            self.fields[f"{name}-a"] = self._absent(each, label, filled)
            absent = self[f"{name}-a"]
        chosen = self.suggestions.get(outline.name, {}).get(kind.name, {}).get(each.name)
        return FieldRow(each, kind, filled, bool(chosen), self[name], absent)

    def _absent(self, each: Field, label: str, filled: Filled) -> forms.ChoiceField:
        target = self.schema.by_name[each.refers_to]
        choices = [("blank", _("leave it blank, with a note")), ("refuse", _("refuse the row"))]
        if editing.creatable(target):
            choices.append(("create", _("add it to %(kind)s, by the name in the cell") % {"kind": target.title}))
        label = _("%(field)s: if there is no such entry") % {"field": label}
        return forms.ChoiceField(label=label, choices=choices, initial=filled.absent, required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        choices = {
            part.outline.name: {each.kind.name: self._chosen(part.outline, each) for each in part.kinds} for part in self.tables
        }
        for part in self.tables:
            for each in part.kinds:
                self._require(each)
        if not any(choice.column for kinds in choices.values() for fields in kinds.values() for choice in fields.values()):
            self.add_error(None, _("Choose for at least one field the column that fills it."))
        if self.errors:
            return given
        editor = Editor(self.imported.mapping, self.schema, self.outlines)
        editor.choose(choices)
        self._name(editor.raw)
        text = editing.dump(editor.raw)
        try:
            load_mapping(text, self.schema)
        except MappingRefused as error:
            self.add_error(None, error.mistakes)
        return given | {"mapping": text}

    def _chosen(self, outline: Outline, part: KindPart) -> dict[str, Choice]:
        found = {}
        for row in part.rows:
            value = self.cleaned_data.get(row.control.name, "")
            column = {"": "", "joined": JOINED, "kept": KEPT}.get(value)
            if column is None:
                column = outline.columns[int(value[1:])]
            found[row.field.name] = Choice(column, (row.absent and self.cleaned_data.get(row.absent.name)) or "blank")
        return found

    def _require(self, part: KindPart) -> None:
        """Who says anything of a kind says what tells one from another, and what it cannot be without."""
        if not any(self.cleaned_data.get(row.control.name) for row in part.rows):
            return
        for row in part.rows:
            wanted = row.field.required or row.field.name in part.kind.key
            if wanted and row.control.name in self.cleaned_data and not self.cleaned_data[row.control.name]:
                self.add_error(
                    row.control.name,
                    _("Choose the column that fills it: there are no %(kind)s without.") % {"kind": part.kind.title},
                )

    def _name(self, raw: dict[str, Any]) -> None:
        """A list that was imported before keeps its sign, by which its records are found again."""
        chosen = self.cleaned_data.get("newer") or ""
        raw["title"] = self.cleaned_data["title"]
        if chosen in self.known:
            raw["id"], raw["source"] = self.known[chosen].id, chosen
        elif self.own in self.known:
            raw["id"] = raw["source"] = f"list-{self.imported.ref.lower()}"


def _label(outline: Outline, column: str) -> str:
    """A column with its first values, short."""
    name = column if len(column) <= 60 else f"{column[:59]}…"
    cells = ", ".join(cell if len(cell) <= 24 else f"{cell[:23]}…" for cell in outline.samples(column, FEW))
    return f"{name} ({cells})" if cells else name


def _number(filled: Filled, outline: Outline) -> str:
    if filled.how == "column":
        return f"c{outline.columns.index(filled.column)}"
    return filled.how
