"""An import as forms: its files, its mapping as a whole, the decision."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms.fields import Form
from core.importing import Brought
from core.imports import Mapping, MappingRefused, TableRefused, load_mapping
from core.imports.outline import take_in
from core.imports.reading import MOST_BYTES
from core.imports.tables import MOST_COLUMNS, MOST_ROWS
from core.imports.targets import Space, Target
from core.kinds import IMPORT_KEPT
from core.models import Import

MOST_FILES, LONGEST_NAME = 20, 100
ACCEPT = ".csv,.tsv,.tab,.txt,.xlsx,.xlsm"
LIMITS = {
    "rows": f"{MOST_ROWS:,}",
    "columns": MOST_COLUMNS,
    "size": MOST_BYTES // 2**20,
    "files": MOST_FILES,
    "days": IMPORT_KEPT.days,
}


class Files(forms.FileInput):
    """A control for several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class Tables(forms.FileField):
    """Files that are tables. What can be read is kept, whatever is wrong with the others: `refused` has their sentences."""

    widget = Files

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": Files(attrs={"multiple": True, "accept": ACCEPT}), **options})
        self.refused: list[str] = []

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if self.required and not given:
            raise forms.ValidationError(_("Choose a file."), code="required")
        found: dict[str, Brought] = {}
        self.refused = []
        for each in given[:MOST_FILES]:
            name, reason = _named(each), _refused(each)
            if reason:
                self.refused.append(_("%(name)s: %(reason)s") % {"name": name, "reason": reason})
            else:
                found[name] = Brought(name, each.read())
        if len(given) > MOST_FILES:
            self.refused.append(
                _("At most %(most)s files can be imported at once; there are %(are)s.") % {"most": MOST_FILES, "are": len(given)}
            )
        return list(found.values())


def _named(file: Any) -> str:
    """What the file is called here: without what a name could hide, and short enough for every disk."""
    plain = "".join(sign for sign in str(file.name) if sign.isprintable() and sign not in "/\\")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - 10].strip() or 'table'}{dot}{ending[:9]}" if dot else f"{plain[:LONGEST_NAME] or 'table'}"


def _refused(file: Any) -> str:
    """Why a file cannot be read, or ""."""
    if (file.size or 0) > MOST_BYTES:
        words = {"size": -(-(file.size or 0) // 2**20), "most": MOST_BYTES // 2**20}
        return _("That file has %(size)d MB; at most %(most)d MB can be imported at once.") % words
    try:
        take_in(_named(file), file.read())
    except TableRefused as error:
        return error.sentence
    finally:
        file.seek(0)
    return ""


class SelectPlace(Form):
    """What is imported and where it lands: "target/space", for the person who asks."""

    places: dict[str, tuple[Target, Space]]

    def offer(self, places: Iterable[tuple[Target, Space]]) -> list[tuple[str, str]]:
        self.places = {f"{target.name}/{space.key}": (target, space) for target, space in places}
        return [(name, f"{target.label}: {space.label}") for name, (target, space) in self.places.items()]


class ImportAddForm(SelectPlace):
    """What it is, and its files."""

    place = forms.ChoiceField(label=gettext_lazy("What do you import, and where to?"))
    tables = Tables(label=gettext_lazy("Files"))

    def __init__(self, *args: Any, places: Iterable[tuple[Target, Space]], asked: str = "", **options: Any) -> None:
        """`asked` is a place, or the beginning of one: what the page that led here is about."""
        super().__init__(*args, **options)
        choices = self.offer(places)
        self.initial["place"] = next((name for name in self.places if asked and name.startswith(asked)), "")
        self.fields["place"].choices = choices if len(choices) == 1 else [("", _("Choose one")), *choices]  # type: ignore[attr-defined]
        self.fields["tables"].help_text = limits()

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        refused = self.refused
        if "tables" in given and not given["tables"]:
            self.add_error("tables", refused)
        return given

    @property
    def refused(self) -> list[str]:
        """A sentence for each file that was not taken."""
        return self.fields["tables"].refused  # type: ignore[attr-defined,no-any-return]

    @property
    def chosen(self) -> tuple[Target, Space]:
        return self.places[self.cleaned_data["place"]]


def limits() -> str:
    """What can be uploaded, said before it is."""
    return (
        _(
            "CSV (.csv, .tsv, .txt) or workbooks (.xlsx). In each table at most %(rows)s rows, %(columns)s columns, %(size)s MB; "
            "at most %(files)s files. The first row that is not blank has the names of the columns. An import that nobody goes "
            "on with for %(days)s days is discarded, and its files are deleted."
        )
        % LIMITS
    )


class ShownForm(Form):
    """A step that was opened at some moment: what has changed since is not overwritten unseen."""

    shown = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, imported: Import, **options: Any) -> None:
        self.imported = imported
        super().__init__(*args, **options)
        self.initial["shown"] = imported.turn

    def again(self) -> None:
        """What was refused because somebody else was quicker can be sent again as it is."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["shown"] = str(self.imported.turn)
        self.data = data


class ImportFilesForm(ShownForm):
    """More files, or some of them away."""

    tables = Tables(label=gettext_lazy("Add files"), required=False)
    remove = forms.MultipleChoiceField(label=gettext_lazy("Take away"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [file["name"] for file in self.imported.files]
        self.fields["remove"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.fields["tables"].help_text = f"{limits()} {_('A file of the same name takes the place of the one that is there.')}"

    @property
    def refused(self) -> list[str]:
        return self.fields["tables"].refused  # type: ignore[attr-defined,no-any-return]

    def told(self, imported: Import) -> "ImportFilesForm":
        """The form again, with what was kept, and a sentence for each file that was not."""
        form = ImportFilesForm({"shown": str(imported.turn)}, None, imported=imported)
        form.full_clean()
        form.add_error("tables", self.refused)
        return form

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        left = {file["name"] for file in self.imported.files} - set(given.get("remove", ()))
        if not left and not given.get("tables"):
            self.add_error("remove", _("At least one file has to stay. To end the import, discard it."))
        return given


class ImportMappingForm(ShownForm):
    """Another mapping: one that was used before, one that came as a file, or the suggestions again."""

    AGAIN = "-"
    mapping = forms.ChoiceField(label=gettext_lazy("Mapping"), required=False)
    file = forms.FileField(
        label=gettext_lazy("Or a mapping file"), required=False, widget=forms.FileInput({"accept": ".yaml,.yml"})
    )

    def __init__(self, *args: Any, known: Sequence[Mapping], **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {mapping.id: mapping for mapping in reversed(known)}
        names = [(mapping.id, mapping.title) for mapping in known]
        again = (self.AGAIN, _("None: suggest from the names of the columns"))
        self.fields["mapping"].choices = [("", _("Leave it as it is")), *dict(names).items(), again]  # type: ignore[attr-defined]

    def clean_file(self) -> str:
        """Its text, checked: every mistake is told."""
        file = self.cleaned_data.get("file")
        if not file:
            return ""
        if (file.size or 0) > 2**20:
            raise forms.ValidationError(_("This mapping file is larger than any should be."))
        text = file.read().decode("utf-8-sig", "replace").replace("\x00", "") + "\n"
        try:
            load_mapping(text, self.imported.kind.schema)
        except MappingRefused as error:
            raise forms.ValidationError(error.mistakes)
        return str(text)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and not given.get("mapping") and not given.get("file"):
            self.add_error("mapping", _("Choose a mapping, or a file."))
        return given


class ImportApplyForm(ShownForm):
    """The decision, about what was shown."""
