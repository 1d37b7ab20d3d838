"""A copy of all that is kept of somebody, as an archive: for programs, for people, and their files as they were."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from core import erasing, files
from core.lists import safe_cell
from core.privacy import Personal, Subject, kinds

KEEP = 60 * 60  # seconds for which it is known how far a copy is
Tell = Callable[[int, int], None]


@dataclass
class Table:
    """The rows of one kind: {field: value} each, as data, under heads for people."""

    title: str
    name: str
    heads: dict[str, str]
    rows: list[dict[str, Any]]


@dataclass
class Copy:
    """An archive, and what is in it."""

    content: bytes = b""
    tables: list[Table] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(len(table.rows) for table in self.tables)


def copied(subject: Subject, site: str, tell: Tell = lambda done, of: None) -> Copy:
    """data.json with everything, a CSV for each kind of row, files/ with what was uploaded, README.txt that says what is what."""
    found, packed, asked = Copy(), io.BytesIO(), list(kinds())
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (model, each) in enumerate(asked):
            tell(number, len(asked))
            rows = list(each.rows(model, subject))
            if not rows:
                continue
            table = _table(model, each, rows, {table.name for table in found.tables})
            found.tables.append(table)
            archive.writestr(f"{table.name}.csv", _csv(table))
            for row in rows if each.files else ():
                _pack(archive, found, table.name, row, each)
        archive.writestr("data.json", _json(subject, found.tables))
        archive.writestr("README.txt", "\n".join(_read_me(subject, site, found)) + "\n")
    found.content = packed.getvalue()
    return found


def _table(model: type[models.Model], each: Personal, rows: list[Any], taken: set[str]) -> Table:
    title = str(each.title)
    name = slug = slugify(title) or model._meta.model_name or "rows"
    number = 2
    while name in taken:
        name, number = f"{slug}-{number}", number + 1
    heads = {field: _head(model, field) for field in each.exported}
    return Table(title, name, heads, [{field: _value(row, field) for field in each.exported} for row in rows])


def _head(model: type[models.Model], name: str) -> str:
    known = {each.name: each for each in model._meta.get_fields()}
    return capfirst(str(getattr(known.get(name), "verbose_name", name.replace("_", " "))))


def _value(row: Any, name: str) -> Any:
    """As data: a related row is what it is called, a choice is its word, a file its name."""
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown else getattr(row, name)
    value = value() if callable(value) else value
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return value


def _json(subject: Subject, tables: list[Table]) -> str:
    whole = {
        "reference": subject.ref,
        "name": subject.name,
        "made_at": timezone.now(),
        "records": {table.name: {"title": table.title, "rows": table.rows} for table in tables},
    }
    return json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(head) for head in table.heads.values()])
    writer.writerows([_cell(row[name]) for name in table.heads] for row in table.rows)
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list | dict):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return safe_cell(value)


def _pack(archive: zipfile.ZipFile, found: Copy, folder: str, row: Any, each: Personal) -> None:
    for stored in erasing.files_of(row, each):
        name = f"files/{folder}/{row.pk}-{PurePosixPath(stored).name}"
        try:
            archive.writestr(name, files.read(stored))
        except OSError:
            found.lost.append(stored)
        else:
            found.files.append(name)


def _read_me(subject: Subject, site: str, found: Copy) -> Iterator[str]:
    yield _("What %(site)s keeps of %(name)s, as it was on %(day)s.") % {
        "site": site,
        "name": subject.name,
        "day": date_format(timezone.localtime(), "j F Y, H:i e"),
    }
    yield ""
    yield _("data.json has everything for programs. Each of the other tables opens in a spreadsheet:")
    for table in found.tables:
        yield _("  %(name)s.csv: %(title)s (%(number)s)") % {"name": table.name, "title": table.title, "number": len(table.rows)}
    yield ""
    yield _("files/ has what was uploaded: %(number)s.") % {"number": len(found.files)}
    for name in found.lost:
        yield _("  Not there any more: %(name)s") % {"name": name}
    yield ""
    yield _("Lists of other people that were imported, and agreements, are not in it: they are about others as well.")
    yield _("Passwords, secrets of second steps and session keys are given to nobody.")


# How far it is: in the cache, because the work is done in one go.


def told(ref: str) -> Tell:
    """Keeps for an hour how far the copy with this reference is."""
    return lambda done, of: cache.set(f"export-{ref}", (done, of), KEEP)


def progress(ref: str) -> tuple[int, int]:
    """(kinds of rows looked through, of how many), or (0, 0) while it waits for its turn."""
    found: tuple[int, int] = cache.get(f"export-{ref}", (0, 0))
    return found
