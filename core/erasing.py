"""Erasing somebody: what it would do, as figures, and then exactly that. Called by actions; declared in core.privacy."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core import audit, files
from core.access import Actor
from core.jobs import later
from core.models import Event, Import
from core.privacy import TEXT, End, Nobody, Personal, Subject, declared, frozen, kinds, models_there


class Overtaken(Exception):
    """What would be done is not what was decided on."""


@dataclass(frozen=True)
class Line:
    """One kind of row, what happens to it, and why something of it stays."""

    title: str
    number: int
    end: End
    because: str
    drifts: bool = False


@dataclass(frozen=True)
class Mention:
    """Rows of one table, not their own, in which the name or an address stands. `key` is what is ticked; `because`: why the words
    cannot be taken out. `places`: (what, where it is read or "") of the first of them."""

    key: str
    what: str
    number: int
    places: tuple[tuple[str, str], ...]
    because: str = ""
    drifts: bool = False


@dataclass(frozen=True)
class Plan:
    """What erasing somebody does, as it stands now."""

    lines: list[Line]
    mentions: list[Mention]
    told: int  # events in which they are named

    @property
    def changeable(self) -> list[Mention]:
        """Where the words can be taken out."""
        return [mention for mention in self.mentions if not mention.because]

    @property
    def staying(self) -> list[Mention]:
        """Where they stay, and why."""
        return [mention for mention in self.mentions if mention.because]

    @property
    def digest(self) -> str:
        """Of the figures that somebody decides on; not of what comes and goes by itself, such as sessions and messages."""
        said = [[line.title, line.number, line.end] for line in self.lines if not line.drifts]
        texts = [[mention.key, mention.because, mention.number] for mention in self.mentions if not mention.drifts]
        whole = [said, texts]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def plan(subject: Subject) -> Plan:
    """The dry run: reads, and writes nothing."""
    lines = []
    for model, each in kinds():
        if number := each.rows(model, subject).count():
            line = Line(str(each.title), number, each.end, str(each.because), each.drifts)
            lines.append(line)
    told = len(audit.mentions(list(subject.words))) if subject.words else 0
    return Plan(lines, [*_mentions(subject), *_lists(subject), *_uploads(subject)], told)


# Texts of others.


def _texts(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns that hold words: text, JSON, and what holds JSON beneath a type of its own."""
    found = []
    for each in model._meta.local_fields:
        holds = isinstance(each, (*TEXT, models.JSONField)) or each.get_internal_type() in ("TextField", "JSONField")
        if holds and not each.choices and not each.primary_key and each.name not in ("ref", "sha256", "password"):
            found.append(each)
    return found


def _forms(word: str) -> Iterator[str]:
    """A word as columns may have it: itself, and as JSON has letters beyond ASCII, once and in JSON within JSON."""
    once = json.dumps(word)[1:-1]
    yield from dict.fromkeys([word, once, json.dumps(once)[1:-1]])


def _holding(model: type[models.Model], subject: Subject, names: Iterable[str]) -> models.QuerySet[Any]:
    """Rows in one of whose columns a word stands, as the database compares: more than there are, never fewer."""
    found, where = model._base_manager.all(), Q(pk__in=[])
    for name in names:
        found = found.alias(**{f"text_{name}": Cast(name, models.TextField())})
        for word in (*subject.words, *subject.slugs):
            for form in _forms(word):
                where |= Q(**{f"text_{name}__icontains": form})
    return found.filter(where).order_by("pk")


def _spoken_for(model: type[models.Model], subject: Subject) -> tuple[set[Any], dict[Any, set[str]]]:
    """(keys of rows that are deleted, {key: fields that are emptied}) of the person's own rows."""
    deleted: set[Any] = set()
    emptied: dict[Any, set[str]] = {}
    for each in declared(model):
        if isinstance(each, Nobody) or each.end == End.KEPT:
            continue
        for key in each.rows(model, subject).values_list("pk", flat=True):
            if each.end == End.DELETED:
                deleted.add(key)
            else:
                emptied.setdefault(key, set()).update(each.emptied)
    return deleted, emptied


def _found(subject: Subject) -> Iterator[tuple[Any, list[str], str]]:
    """(row, fields in which a word stands, why they cannot be changed or "")."""
    if not subject.words:
        return
    for model in models_there():
        if model is Event or model._meta.db_table.endswith("_ftsindexentry"):
            continue
        kept = frozen(model)
        names = [each.name for each in _texts(model)]
        if not names:
            continue
        deleted, emptied = _spoken_for(model, subject)
        own = _own(model)
        for row in _holding(model, subject, names):
            if row.pk in deleted or (own and row.pk != own(subject)):
                continue
            there = [n for n in names if n not in emptied.get(row.pk, ()) and _without(_plain(row, n), subject)[1]]
            for because in ("", *dict.fromkeys(map(str, kept.values()))):
                fields = [name for name in there if str(kept.get(name, "")) == because]
                if fields:
                    yield row, fields, because


def _own(model: type[models.Model]) -> Callable[[Subject], Any] | None:
    """Of a table of people: whose row is looked at. Others of the same name have it to themselves."""
    paths = [each.of for each in declared(model) if isinstance(each, Personal)]
    return (lambda subject: subject.key) if ("pk",) in paths else None


SHOWN = 20  # places of a table that are told one by one


def _mentions(subject: Subject) -> list[Mention]:
    grouped: dict[tuple[type[models.Model], str], list[tuple[Any, list[str]]]] = {}
    for row, fields, because in _found(subject):
        grouped.setdefault((type(row), because), []).append((row, fields))
    return [
        Mention(
            model._meta.label,
            capfirst(str(model._meta.verbose_name_plural)),
            len(rows),
            tuple((f"{getattr(row, 'ref', row.pk)}: {_called(row, fields)}", _address(row)) for row, fields in rows[:SHOWN]),
            because,
            any(isinstance(each, Personal) and each.drifts for each in declared(model)),
        )
        for (model, because), rows in grouped.items()
    ]


def _called(row: models.Model, fields: Iterable[str]) -> str:
    return ", ".join(str(getattr(row._meta.get_field(name), "verbose_name", name)) for name in fields)


def _address(row: Any) -> str:
    """Its page at the desk, or where everybody reads it; "" where it has none."""
    for label in (row._meta.label_lower, *(parent._meta.label_lower for parent in row._meta.parents)):
        app, name = label.split(".")
        try:
            return reverse(f"{app}:{name}_detail", args=[row.ref])
        except (NoReverseMatch, AttributeError):
            continue
    return getattr(row, "url", "") or ""


def _plain(row: Any, name: str) -> Any:
    """The value of a field as texts, lists and dictionaries."""
    value = getattr(row, name)
    return list(value.raw_data) if hasattr(value, "raw_data") else value


def _without(value: Any, subject: Subject) -> tuple[Any, int]:
    """(The value without the words, how often they stood in it). JSON that is written as text is read as JSON."""
    if isinstance(value, str):
        if value[:1] in ("{", "[") and value[-1:] in ("}", "]"):
            try:
                inner, number = _without(json.loads(value), subject)
                return (json.dumps(inner), number) if number else (value, 0)
            except ValueError:
                pass
        return subject.without(value)
    if isinstance(value, dict):
        pairs = {key: _without(each, subject) for key, each in value.items()}
        return {key: new for key, (new, _n) in pairs.items()}, sum(n for _new, n in pairs.values())
    if isinstance(value, list | tuple):
        each = [_without(part, subject) for part in value]
        return [new for new, _n in each], sum(n for _new, n in each)
    if hasattr(value, "items"):  # a block of a story, as raw data has it
        return _without(dict(value.items()), subject)
    return value, 0


# Files that quote them.


FILES = "files"  # the key of what is ticked for them


def _quoting(subject: Subject) -> Iterator[tuple[Import, list[dict[str, Any]]]]:
    """(import, those of its files that quote them)"""
    if subject.words:
        for imported in Import.objects.exclude(files=[]).only("ref", "title", "files", "state").order_by("pk"):
            if found := [file for file in imported.files if _quotes(file["file"], subject)]:
                yield imported, found


def _lists(subject: Subject) -> list[Mention]:
    found = [(f"{imported.ref}: {file['name']}", _address(imported)) for imported, some in _quoting(subject) for file in some]
    return [Mention(FILES, str(_("Uploaded lists")), len(found), tuple(found[:SHOWN]))] if found else []


BY_HAND = _l("What a file says is not changed here. Replace it or delete it where it was uploaded.")


def _uploads(subject: Subject) -> list[Mention]:
    """Documents that others may read and that quote them; what is no text is not read."""
    found = []
    for model in models_there() if subject.words else ():
        names = [each.name for each in model._meta.local_fields if type(each) is models.FileField]
        for name in names:
            deleted, _emptied = _spoken_for(model, subject)
            rows = model._base_manager.exclude(**{name: ""}).exclude(pk__in=deleted).order_by("pk")
            places = [(str(getattr(row, name).name), _address(row)) for row in rows if _quotes(getattr(row, name).name, subject)]
            if places:
                words = capfirst(str(model._meta.verbose_name_plural))
                found.append(Mention(f"{model._meta.label}.{name}", words, len(places), tuple(places[:SHOWN]), str(BY_HAND)))
    return found


def open_lists(subject: Subject) -> list[str]:
    """Imports that quote them and are not over: without the file they could not go on."""
    return [str(imported) for imported, _files in _quoting(subject) if imported.is_open]


def _quotes(name: str, subject: Subject) -> bool:
    try:
        content = files.read(name)
    except OSError:
        return False
    words = [word.casefold() for word in subject.words]
    return any(word in text for text in _readings(content) for word in words)


def _readings(content: bytes) -> Iterator[str]:
    """What a file says, in each of the ways that tables are written; a workbook is an archive of such."""
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield archive.read(name).decode("utf-8", "replace").casefold()
        except (zipfile.BadZipFile, OSError, RuntimeError):
            return
        return
    for encoding in ("utf-8", "utf-16", "latin-1"):
        yield content.decode(encoding, "replace").casefold()


# The act.


def erase(subject: Subject, *, chosen: Collection[str], by: Actor, why: str) -> dict[str, int]:
    """Do what plan() said, in the transaction of the action that calls: {"deleted", "emptied", "kept", "texts", "told"}.

    chosen: keys of the mentions from which the words go. Files go after the commit.
    """
    done = {"deleted": 0, "emptied": 0, "kept": 0, "texts": 0}
    gone: list[str] = []
    last = sorted(kinds(), key=lambda kind: (kind[1].end != End.EMPTIED, kind[1].spreads, kind[0]._meta.label))
    for model, each in last:  # what is emptied before what goes, and a sign-in after all that hangs on it
        rows = each.rows(model, subject)
        for row in rows if each.files and each.end == End.DELETED else ():
            gone += files_of(row, each)
        number = rows.count()
        if each.end == End.EMPTIED:
            _empty(rows, each, subject)
        elif each.end == End.DELETED:
            model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
        done[each.end.value] += number
    for row, fields, because in list(_found(subject)):
        if row._meta.label in chosen and not because:
            _forget(row, fields, subject)
            done["texts"] += 1
    if FILES in chosen:
        for imported, found in list(_quoting(subject)):
            kept = [file for file in imported.files if file not in found]
            Import.objects.filter(pk=imported.pk).update(files=kept)
            gone += [file["file"] for file in found]
    done["told"] = audit.redact(list(subject.words), by=by, why=why) if subject.words else 0
    if gone:
        later("core.sweep_import_files", *dict.fromkeys(gone))
    return done


def undecided(found: Plan) -> list[str]:
    """Keys of the tables whose rows come and go by themselves and in which nothing stood: nobody was asked about them."""
    stood = {mention.key for mention in found.mentions}
    return sorted({model._meta.label for model, each in kinds() if each.drifts} - stood)


def erase_again(subject: Subject, *, chosen: Collection[str], by: Actor, why: str) -> int:
    """What others committed while erase() ran: messages to them, texts and events in which they are named; how many.

    subject: as it was found then, since nobody has these words now. chosen: as in erase(), with undecided().
    """
    done = 0
    for model, each in kinds():
        if each.drifts and each.end == End.EMPTIED and callable(each.of):
            rows = each.rows(model, subject)
            done += len(rows)
            _empty(rows, each, subject)
    for row, fields, because in list(_found(subject)):
        if row._meta.label in chosen and not because:
            _forget(row, fields, subject)
            done += 1
    return done + (audit.redact(list(subject.words), by=by, why=why) if subject.words else 0)


def files_of(row: Any, each: Personal) -> list[str]:
    """The names of the files of a row, as the storage knows them."""
    found = []
    for name in each.files:
        value = getattr(row, name)
        if isinstance(value, list):
            found += [part["file"] for part in value if part.get("file")]
        elif value:
            found.append(str(getattr(value, "name", value)))
    return found


def _empty(rows: models.QuerySet[Any], each: Personal, subject: Subject) -> None:
    model = rows.model
    for row in list(rows):
        facts = {name: value(row, subject) if callable(value) else value for name, value in each.emptied.items()}
        model._base_manager.filter(pk=row.pk).update(**facts)


def _forget(row: Any, fields: Iterable[str], subject: Subject) -> None:
    """Take the words out of one row."""
    facts = {}
    for name in fields:
        column: Any = row._meta.get_field(name)
        value, _number = _without(_plain(row, name), subject)
        if hasattr(getattr(row, name), "raw_data"):
            value = column.to_python(json.dumps(value))
        elif isinstance(column, models.EmailField):
            value = ""
        elif isinstance(value, str) and column.max_length:
            value = value[: column.max_length]
        facts[name] = value
    type(row)._base_manager.filter(pk=row.pk).update(**facts)
