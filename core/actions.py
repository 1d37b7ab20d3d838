"""Every write about imports: files, mapping, the check, the import itself, the end. The anchor of the day. What is not kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import access, audit, jobs, notices, public, retention, rules
from core.access import Actor
from core.action import action, lock, next_number, store
from core.imports import Fault, Mapping, Result, Tally
from core.imports.targets import Target
from core.kinds import IMPORT_KEPT, ImportState
from core.models import Anchor, Head, Import, ImportFault, ImportMapping, Message
from core.retention import Announcement, Hold, Keeping, Sweep
from core.rules import IMPORT

BATCH = 500
MOST_FAULTS = 50_000
SHOWN = 5  # of each kind, as they will be
Shape = dict[str, Any]


class Overtaken(Exception):
    """The records have changed since the check: what would be done is not what was decided on."""

    def __init__(self, tallies: list[Tally]) -> None:
        super().__init__("the figures differ from those of the check")
        self.tallies = tallies


def figures(tallies: Sequence[Tally]) -> str:
    """For a sentence: "projects: 246 added, …; …"."""
    return "; ".join(str(tally) for tally in tallies)


def plain(tallies: Sequence[Tally]) -> list[list[Any]]:
    return [[each.kind, each.added, each.changed, each.unchanged, each.refused] for each in tallies]


@action
def add_import(
    *,
    ref: str,
    target: Target,
    space: str,
    title: str,
    files: list[Shape],
    tables: list[Shape],
    mapping: str,
    origin: str,
    by: Actor,
) -> Import:
    """Files that somebody brought for one place, with the mapping that was found or suggested for them."""
    access.require(rules.add_import, by, target, space)
    imported = Import.objects.create(
        ref=ref,
        target=target.name,
        space=space,
        owner=by.ref,
        title=title[:200],
        files=files,
        tables=tables,
        mapping=mapping,
        origin=origin,
    )
    audit.record("import.added", imported, by=by, files=", ".join(file["name"] for file in files))
    return imported


@action
def set_files(
    *, imported: Import, files: list[Shape], tables: list[Shape], mapping: str, origin: str, shown: int, by: Actor
) -> None:
    """Other files, and what the mapping is then."""
    _seen(imported, shown, by)
    note = {"files": ", ".join(file["name"] for file in files)}
    kept = {file["file"] for file in files}
    _sweep([file for file in imported.files if file["file"] not in kept])
    facts: Shape = {"files": files, "tables": tables, "mapping": mapping, "origin": origin, "turn": imported.turn + 1}
    IMPORT.apply("refile", imported, by=by, note=note, **facts, **_without_result(imported))


@action
def set_mapping(
    *, imported: Import, mapping: str, origin: str, shown: int, by: Actor, title: str = "", tables: list[Shape] | None = None
) -> None:
    """Which column is what, and what each value means. Raises ValidationError when somebody has changed it since `shown`."""
    _seen(imported, shown, by)
    facts: Shape = {"mapping": mapping, "origin": origin, "turn": imported.turn + 1, "title": title[:200] or imported.title}
    facts |= {} if tables is None else {"tables": tables}
    IMPORT.apply("map", imported, by=by, **facts, **_without_result(imported))


def _seen(imported: Import, shown: int, by: Actor) -> None:
    lock(imported)
    access.require(rules.edit_import, by, imported)
    if imported.turn != shown:
        said = _("This was changed in another window since you opened the page. What you chose is kept; send it again to put it.")
        raise ValidationError(said, code="overtaken")


def _without_result(imported: Import) -> Shape:
    """What a check found is about what was; it goes."""
    imported.faults.all().delete()
    return {"result": {}, "problem": "", "asked_at": None, "asked_by": None}


@action
def ask_check(*, imported: Import, by: Actor) -> None:
    """Have it translated and tried, by a job."""
    lock(imported)
    access.require(rules.check_import, by, imported)
    IMPORT.apply("ask_check", imported, by=by, asked_at=timezone.now(), asked_by=by.ref, problem="")
    jobs.later("core.check_import", imported.ref, str(imported.turn))


@action
def record_check(
    *, imported: Import, turn: int, result: Result, tallies: list[Tally], overtaken: bool = False, by: Actor
) -> None:
    """What the check found; nothing when the import has moved on since it was asked for. `overtaken`: found by the import
    itself, which was taken back."""
    if not _awaited(imported, turn, ImportState.APPLYING if overtaken else ImportState.CHECKING):
        return
    imported.faults.all().delete()
    rows = [_fault(imported, place, fault) for place, fault in enumerate(result.faults[:MOST_FAULTS])]
    ImportFault.objects.bulk_create(rows, batch_size=BATCH)
    facts: Shape = {"result": _result(result, tallies), "problem": ""}
    if overtaken:
        facts["problem"] = _(
            "The records have changed since the check, so nothing was imported. These are the figures as they would be now."
        )
        IMPORT.apply("overtake", imported, by=by, **facts)
        return
    IMPORT.apply("check", imported, by=by, note={"figures": figures(tallies)}, **facts)


def _fault(imported: Import, place: int, fault: Fault) -> ImportFault:
    return ImportFault(
        of=imported,
        place=place,
        table=fault.table[:300],
        row=fault.row,
        column=fault.column,
        value=fault.value,
        sentence=fault.sentence,
        severity=fault.severity,
        kind=fault.kind,
    )


def _result(result: Result, tallies: list[Tally]) -> Shape:
    first = {
        kind: [[each.table, each.row, {name: _told(value) for name, value in each.values.items()}] for each in records[:SHOWN]]
        for kind, records in result.records.items()
        if records
    }
    counts = {severity: sum(fault.severity == severity for fault in result.faults) for severity in ("refused", "note")}
    return {"tallies": plain(tallies), "first": first, "unused": list(result.unused), **counts}


def _told(value: Any) -> str:
    text = ", ".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"


@action
def refuse_check(*, imported: Import, turn: int, problem: str, by: Actor) -> None:
    """The check came to no result, for this reason."""
    if _awaited(imported, turn, ImportState.CHECKING):
        IMPORT.apply("refuse_check", imported, by=by, note={"reason": problem}, problem=problem)


@action
def ask_apply(*, imported: Import, shown: int, by: Actor) -> None:
    """Decide on what the check showed. Raises ValidationError when that was another one."""
    lock(imported)
    access.require(rules.apply_import, by, imported)
    if imported.turn != shown:
        raise ValidationError(_("This was changed and checked again since you opened the page. Look at the figures below."))
    note = {"figures": figures(imported.tallies())}
    IMPORT.apply("ask_apply", imported, by=by, note=note, asked_at=timezone.now(), asked_by=by.ref, problem="")
    jobs.later("core.apply_import", imported.ref, str(imported.turn))


@action
def apply_import(*, imported: Import, turn: int, result: Result, mapping: Mapping, by: Actor) -> None:
    """Everything in one transaction: the records, the chain, the mapping that is remembered, the state.

    Raises Overtaken, and takes all back, when the figures are no longer those that were decided on.
    """
    if not _awaited(imported, turn, ImportState.APPLYING):
        return
    access.require(rules.view_import, by, imported)
    tallies = imported.kind.land(result=result, source=mapping.source, space=imported.space, by=by, dry_run=False)
    if plain(tallies) != imported.result["tallies"]:
        raise Overtaken(tallies)
    remember_mapping(mapping=mapping, belongs=imported.belongs, by=by)
    note = {"figures": figures(tallies)}
    IMPORT.apply("apply", imported, by=by, note=note, applied_at=timezone.now(), applied_by=by.ref)


@action
def refuse_apply(*, imported: Import, turn: int, problem: str, by: Actor) -> None:
    """Nothing was imported, for this reason."""
    if _awaited(imported, turn, ImportState.APPLYING):
        IMPORT.apply("refuse_apply", imported, by=by, note={"reason": problem}, problem=problem)


def _awaited(imported: Import, turn: int, state: str) -> bool:
    """Whether this is still what the job was asked for."""
    lock(imported)
    return imported.turn == turn and imported.state == state


@action
def discard_import(*, imported: Import, by: Actor) -> None:
    """It ends here, and nothing of it was imported. What the check quoted from the files goes, and the files go."""
    lock(imported)
    access.require(rules.discard_import, by, imported)
    IMPORT.apply("discard", imported, by=by, **_without_result(imported))
    _sweep(imported.files)


@action
def abandon_import(*, imported: Import, today: date, by: Actor) -> None:
    """The same, because nobody has touched it for so long. Called by the clock; early or twice it does nothing."""
    lock(imported)
    if Import.objects.abandoned(today).filter(pk=imported.pk).exists():
        IMPORT.apply("abandon", imported, by=by, note={"days": IMPORT_KEPT.days}, **_without_result(imported))
        _sweep(imported.files)


def _sweep(files: Sequence[Shape]) -> None:
    """Have kept files removed after the commit, unless another import needs them."""
    if files:
        jobs.later("core.sweep_import_files", *[file["file"] for file in files])


@action
def remember_mapping(*, mapping: Mapping, by: Actor, belongs: str = "") -> None:
    """Keep a mapping that was used with success: the next file with these columns is read by it."""
    ImportMapping.objects.update_or_create(
        slug=mapping.id, belongs=belongs, defaults={"title": mapping.title[:200], "text": mapping.text}
    )


@action
def anchor_chain(*, today: date, by: Actor) -> Anchor:
    """Write down where the chain ends, publish it and send it to those who keep it: once a day, whoever asks how often."""
    head = Head.objects.get(pk=1)
    facts: Shape = {"seq": head.seq, "hash": head.hash or audit.NOTHING, "at": timezone.now()}
    anchor, new = Anchor.objects.get_or_create(day=today, defaults=facts)
    if new:
        public.touch()
        notices.chain_anchored(anchor)
    return anchor


@action
def apply_retention(*, kept: Keeping, today: date, by: Actor) -> int:
    """Erase what is due of one kind, and announce what comes; how many went. A run that erased something is on record."""
    access.require(rules.apply_retention, by)
    _one_of_retention()
    count = retention.erase(kept, today, by=by)
    if count:
        sweep = Sweep.objects.create(kind=kept.kind, count=count)
        audit.record("retention.applied", sweep, by=by, kind=str(kept.title), count=count)
    if cutoff := retention.announceable(kept, today):
        Announcement.objects.get_or_create(kind=kept.kind, day=today, defaults={"cutoff": cutoff})
    return count


def _one_of_retention() -> None:
    """A run and a hold wait for each other: what is on hold is on hold, and what went was not."""
    next_number("retention")


@action
def hold_retention(*, kept: Keeping, reason: str, by: Actor) -> Hold:
    """Nothing of this kind goes until it is lifted. Asked for twice, it stands once."""
    access.require(rules.hold_retention, by)
    _one_of_retention()
    found = retention.hold_of(kept.kind)
    if found is None:
        found = Hold.objects.create(kind=kept.kind, reason=reason, by=by.ref)
        audit.record("retention.held", found, by=by, kind=str(kept.title), reason=reason)
    return found


@action
def lift_retention(*, kept: Keeping, by: Actor) -> None:
    """It goes on; what would go at once is announced anew."""
    access.require(rules.hold_retention, by)
    _one_of_retention()
    found = retention.hold_of(kept.kind)
    if found is not None:
        changed = store(found, {"lifted_at": timezone.now(), "lifted_by": by.ref})
        audit.record("retention.lifted", found, by=by, kind=str(kept.title), changes=changed)


@action
def forget_messages(*, rows: QuerySet[Message], by: Actor) -> int:
    """They go whole: the address stands in their key as well."""
    return rows.delete()[0]


@action
def forget_imports(*, rows: QuerySet[Import], by: Actor) -> int:
    """What was in the files goes; the figures stay."""
    found = list(rows)
    for imported in found:
        _sweep(imported.files)
        imported.faults.all().delete()
        result = {name: value for name, value in imported.result.items() if name in ("tallies", "refused", "note")}
        store(imported, {"files": [], "tables": [], "mapping": "", "result": result})
    return len(found)
