"""What goes wrong in an import, row by row, and how it is counted and written down."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from django.utils.translation import gettext as _

Severity = Literal["refused", "note"]
COLUMNS = ("table", "row", "column", "value", "severity", "what")
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), with the full-width forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `row` is the row in a spreadsheet (the header is row 1; 0 is the whole table), `code` the
    same in every language, `kind` the record kind it concerns, if one. "refused": the record is not imported. "note":
    it is imported, and something was left blank, merged or made up as the sentence says."""

    table: str
    row: int
    column: str
    value: str
    sentence: str
    severity: Severity = "note"
    code: str = ""
    kind: str = ""

    def __str__(self) -> str:
        place = _("%(table)s, row %(row)s") % {"table": self.table, "row": self.row} if self.row else self.table
        return f"{place}: {self.sentence}"


class ImportRefused(Exception):
    """Nothing can be imported as it stands; the text says why, for a person."""


class TableRefused(ImportRefused):
    """A file that cannot be read as a table."""

    def __init__(self, table: str, sentence: str) -> None:
        super().__init__(f"{table}: {sentence}")
        self.table = table
        self.sentence = sentence


def shorten(value: str) -> str:
    """A cell as it is shown in a fault: at most 200 characters."""
    return value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"


def defuse(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run as a formula. Line breaks become line feeds: Python
    3.11 writes a carriage return without quotation marks, and what follows it would be a row of its own."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def write_faults(target: Path | str | TextIO, faults: Iterable[Fault]) -> None:
    """Write the faults as CSV (UTF-8, one line a fault) to a path or an open text file. Raises OSError."""
    if isinstance(target, str | Path):
        with Path(target).open("w", encoding="utf-8", newline="") as file:
            write_faults(file, faults)
        return
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for fault in faults:
        cells = (fault.table, str(fault.row or ""), fault.column, shorten(fault.value), fault.severity, fault.sentence)
        writer.writerow([defuse(cell) for cell in cells])


@dataclass
class Tally:
    """How many records of a kind were added, changed, left as they were and refused. Its text is the line for people."""

    kind: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return _("%(kind)s: %(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(refused)d refused") % vars(self)
