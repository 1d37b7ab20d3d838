"""The work of an import outside any transaction: reading its files, finding its mapping, and the two jobs."""

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, OperationalError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import access, actions, files, rules
from core.access import HOUSE, Actor
from core.imports import (
    ImportRefused,
    Mapping,
    MappingRefused,
    Record,
    Result,
    Table,
    Tally,
    editing,
    find_mapping,
    load_mapping,
    load_mappings,
    read_tables,
    translate,
)
from core.imports.finding import match, misses
from core.imports.outline import survey
from core.imports.targets import Target
from core.inbox import Waiting
from core.kinds import ImportState
from core.landing import DryRun
from core.models import Import, ImportMapping, new_ref

logger = logging.getLogger(__name__)
ENDINGS = ("csv", "tsv", "tab", "txt", "xlsx", "xlsm")
STRIDE, KEEP = 100, 60 * 60


@dataclass(frozen=True)
class Brought:
    """A file that came and can be read."""

    name: str
    content: bytes


# Mappings.


def remembered(target: Target, belongs: str) -> list[Mapping]:
    """Those that were used with success: one's own first, then everybody's, the latest first. One that no longer reads is
    left out."""
    found = []
    rows = ImportMapping.objects.filter(belongs__in=["", belongs]).order_by("-changed")
    for row in sorted(rows, key=lambda row: not row.belongs):
        try:
            found.append(load_mapping(row.text, target.schema))
        except MappingRefused:
            continue
    return found


def fitting(target: Target, belongs: str, tables: Sequence[Table]) -> tuple[Mapping | None, str]:
    """The mapping that reads these tables and whether it is remembered or shipped: (None, "") if none does."""
    if found := find_mapping(remembered(target, belongs), tables):
        return found, "remembered"
    if found := find_mapping(load_mappings(target.shipped, target.schema), tables):
        return found, "shipped"
    return None, ""


def _prepared(target: Target, belongs: str, tables: Sequence[Table], ref: str, title: str) -> tuple[str, str, list[Any]]:
    """(mapping, origin, outlines) for files that nobody has said anything of yet."""
    mapping, origin = fitting(target, belongs, tables)
    outlines = survey(tables, mapping)
    if mapping:
        return mapping.text, origin, outlines
    return editing.draft(target.schema, outlines, f"{slugify(title)[:60]}-{ref.lower()}".strip("-"), title), "suggested", outlines


# Files.


def begin(target: Target, space: str, brought: Sequence[Brought], by: Any) -> Import:
    """Keep the files and open an import of them. Raises TableRefused for one that cannot be read."""
    ref = new_ref()
    with _laid_out([(file.name, file.content) for file in brought]) as folder:
        tables = _tables(folder, [file.name for file in brought])
        title = Path(brought[0].name).stem
        mapping, origin, outlines = _prepared(target, space or by.ref, tables, ref, title)
    return actions.add_import(
        ref=ref,
        target=target,
        space=space,
        title=title,
        files=[_kept(file) for file in brought],
        tables=[outline.as_json() for outline in outlines],
        mapping=mapping,
        origin=origin,
        by=by,
    )


def refile(imported: Import, brought: Sequence[Brought], removed: set[str], shown: int, by: Actor) -> None:
    """Other files. One of the same name takes the place of the one that was there; what was said of the others stays."""
    names = {file.name for file in brought} | removed
    kept = [file for file in imported.files if file["name"] not in names] + [_kept(file) for file in brought]
    with _laid_out([(file["name"], files.read(file["file"])) for file in kept]) as folder:
        tables = _tables(folder, [file["name"] for file in kept])
        if imported.origin == "edited" or imported.origin == "file":
            mapping, origin, outlines = imported.mapping, imported.origin, survey(tables, _whole(imported))
            editor = editing.Editor(mapping, imported.kind.schema, outlines)
            suggested = editing.suggested(imported.kind.schema, outlines)
            editor.choose({name: plan for name, plan in suggested.items() if name not in editor.places})
            mapping = editing.dump(editor.raw)
        else:
            mapping, origin, outlines = _prepared(imported.kind, imported.belongs, tables, imported.ref, imported.title)
    shapes = [outline.as_json() for outline in outlines]
    actions.set_files(imported=imported, files=kept, tables=shapes, mapping=mapping, origin=origin, shown=shown, by=by)


def use_mapping(imported: Import, text: str, origin: str, shown: int, by: Actor) -> None:
    """Read the files by this mapping. Raises MappingRefused, and ImportRefused when it is for other files."""
    mapping = load_mapping(text if "\n" in text else f"{text}\n", imported.kind.schema)
    with unpacked(imported) as tables:
        found = match(mapping, tables)
        if not found.fits:
            raise ImportRefused("\n".join(misses(found, tables)))
        shapes = [outline.as_json() for outline in survey(tables, mapping)]
    actions.set_mapping(imported=imported, mapping=mapping.text, origin=origin, shown=shown, by=by, tables=shapes)


def start_again(imported: Import, shown: int, by: Actor) -> None:
    """Forget what was said, and suggest from the names of the columns."""
    with unpacked(imported) as tables:
        outlines = survey(tables)
    mapping_id = f"{slugify(imported.title)[:60]}-{imported.ref.lower()}".strip("-")
    text = editing.draft(imported.kind.schema, outlines, mapping_id, imported.title)
    shapes = [outline.as_json() for outline in outlines]
    actions.set_files(
        imported=imported, files=imported.files, tables=shapes, mapping=text, origin="suggested", shown=shown, by=by
    )


def _whole(imported: Import) -> Mapping | None:
    return editing.loaded(imported.mapping, imported.kind.schema)


def _kept(file: Brought) -> dict[str, Any]:
    ending = Path(file.name).suffix.lower().lstrip(".")
    name = files.keep(file.content, ending if ending in ENDINGS else "bin")
    return {"name": file.name, "file": name, "sha256": sha256(file.content).hexdigest(), "size": len(file.content)}


@contextmanager
def _laid_out(contents: Sequence[tuple[str, bytes]]) -> Iterator[Path]:
    """The files in a folder under the names by which people know them."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents:
            (Path(folder) / name).write_bytes(content)
        yield Path(folder)


def _tables(folder: Path, names: Sequence[str]) -> list[Table]:
    return [table for name in sorted(names) for table in read_tables(folder / name)]


@contextmanager
def unpacked(imported: Import) -> Iterator[list[Table]]:
    """The tables of its files. Raises TableRefused, and FileNotFoundError when a kept file has gone."""
    with _laid_out([(file["name"], files.read(file["file"])) for file in imported.files]) as folder:
        yield _tables(folder, [file["name"] for file in imported.files])


# Progress: in the cache, because the transaction that is under way could not tell anybody.


def _tell(imported: Import, doing: str, done: int = 0, of: int = 0) -> None:
    cache.set(f"import-{imported.ref}", {"doing": doing, "done": done, "of": of, "turn": imported.turn}, KEEP)


def progress(imported: Import) -> dict[str, Any]:
    """What the job is doing: {doing, done, of}; {} before it began."""
    found = cache.get(f"import-{imported.ref}") or {}
    return found if found.get("turn") == imported.turn else {}


class Counted(Sequence[Record]):
    """Records that say how far somebody has come with them."""

    def __init__(self, records: Sequence[Record], tell: Callable[[int, int], None]) -> None:
        self.records, self.tell = records, tell

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, place: Any) -> Any:
        return self.records[place]

    def __iter__(self) -> Iterator[Record]:
        for number, record in enumerate(self.records):
            if number % STRIDE == 0:
                self.tell(number, len(self.records))
            yield record


# The jobs.


def check_import(ref: str, turn: str) -> None:
    """Translate the files, try to import them and take it back; record what was found."""
    imported, number = Import.objects.filter(ref=ref).first(), int(turn)
    if imported is None or (imported.state, imported.turn) != (ImportState.CHECKING, number):
        return

    def refuse(problem: str) -> None:
        actions.refuse_check(imported=imported, turn=number, problem=problem, by=HOUSE)

    with _refusals(refuse):
        by = _asker(imported)
        result, mapping = _translated(imported)
        tallies = _tried(imported, result, mapping, by)
        actions.record_check(imported=imported, turn=number, result=result, tallies=tallies, by=HOUSE)


def apply_import(ref: str, turn: str) -> None:
    """Import what was decided on, or say why not. Run again after its worker was killed, it begins afresh: nothing was kept."""
    imported, number = Import.objects.filter(ref=ref).first(), int(turn)
    if imported is None or (imported.state, imported.turn) != (ImportState.APPLYING, number):
        return

    def refuse(problem: str) -> None:
        actions.refuse_apply(imported=imported, turn=number, problem=problem, by=HOUSE)

    with _refusals(refuse):
        by = _asker(imported)
        result, mapping = _translated(imported)
        try:
            actions.apply_import(imported=imported, turn=number, result=_counted(imported, result), mapping=mapping, by=by)
        except actions.Overtaken as error:
            actions.record_check(imported=imported, turn=number, result=result, tallies=error.tallies, overtaken=True, by=HOUSE)


def sweep_files(*names: str) -> None:
    """Remove the kept files of imports that are over, where no other import has the same. Run again it finds nothing."""
    for name in names:
        if not Import.objects.needing(name).exists():
            files.drop(name)


def discard_abandoned(day: str) -> None:
    """Whatever nobody has touched for so long, however many nights were missed."""
    today = date.fromisoformat(day)
    for imported in Import.objects.abandoned(today):
        actions.abandon_import(imported=imported, today=today, by=HOUSE)


@contextmanager
def _refusals(refuse: Callable[[str], None]) -> Iterator[None]:
    """What stands in the way is told on the import; what nobody foresaw is told there, too, and raised for the operator."""
    try:
        yield
    except (ImportRefused, PermissionDenied) as error:
        refuse(str(error))
    except OSError:
        logger.exception("a file of an import cannot be read")
        refuse(_("A file of this import cannot be read any more. Upload it again."))
    except OperationalError:
        logger.exception("an import could not get at the database")
        refuse(_("The database was too busy to do this. Nothing was written. Check it again in a few minutes."))
    except DatabaseError:
        logger.exception("an import was refused by the database")
        said = _("The database refused one of the records: it contradicts another one, or is too long. Nothing was written.")
        refuse(f"{said} {_('Look for names or keys that stand twice.')}")
    except Exception:
        refuse(_("Something went wrong here, not in your files. Nothing was written. If it happens again, tell the operator."))
        raise


def _asker(imported: Import) -> Actor:
    by = access.actor(imported.asked_by or "")
    if by is None or not rules.view_import(by, imported):
        raise PermissionDenied(_("Who asked for it may no longer import to this place."))
    return by


def _translated(imported: Import) -> tuple[Result, Mapping]:
    schema = imported.kind.schema
    _tell(imported, _("Reading the files"))
    mapping = load_mapping(imported.mapping, schema)
    with unpacked(imported) as tables:
        known = imported.kind.known(mapping.source, imported.space)
        result = translate(schema, mapping, tables, known, lambda table, done, of: _tell(imported, table, done, of))
    return result, mapping


def _counted(imported: Import, result: Result) -> Result:
    def teller(kind: str) -> Callable[[int, int], None]:
        return lambda done, of: _tell(imported, kind, done, of)

    titles = {kind.name: kind.title for kind in imported.kind.schema.kinds}
    return replace(result, records={kind: Counted(found, teller(titles[kind])) for kind, found in result.records.items()})


def _tried(imported: Import, result: Result, mapping: Mapping, by: Actor) -> list[Tally]:
    """The figures of an import that is taken back."""
    counted = _counted(imported, result)
    try:
        imported.kind.land(result=counted, source=mapping.source, space=imported.space, by=by, dry_run=True)
    except DryRun as tried:
        return tried.tallies
    raise AssertionError("a dry run ends in DryRun")


# What waits.


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def open_imports(user: Any) -> Iterator[Waiting]:
    """The desk's lines about imports that somebody has begun and not ended."""
    if not user.is_active or not Import.objects.filter(owner=user.ref).open().exists():
        return
    for imported in Import.objects.visible_to(user).open().light().filter(owner=user.ref):
        words = {"title": imported.title}
        checked = imported.state == ImportState.CHECKED
        sentence = _("Decide on the import of %(title)s") if checked else _("Go on with the import of %(title)s")
        if not imported.working:
            yield Waiting(
                sentence % words,
                reverse("core:import_detail", args=[imported.ref]),
                why=_("Nothing of it is written yet. Untouched, it is discarded after %(day)s.")
                % {"day": _day(imported.kept_until)},
                since=timezone.localdate(imported.changed),
                act=_("Decide") if checked else _("Go on"),
            )
