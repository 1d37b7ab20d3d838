"""Reading .xlsx workbooks: every visible sheet becomes a table of texts. openpyxl is slow to import and stays in here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.imports.faults import TableRefused
from core.imports.tables import MOST_COLUMNS, Options, Table, tabulate

# What a workbook may unpack to, in bytes: 50 MB of packed XML can hold fifty times as much.
MOST_UNPACKED = 300 * 1024 * 1024
# What Excel writes in a cell whose formula failed.
BROKEN = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


def is_workbook(data: bytes) -> bool:
    """Whether a ZIP file is a workbook rather than an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read_workbook(path: Path, data: bytes, options: Options) -> list[Table]:
    """The tables of a workbook, in the order of its sheets; with `options.sheet`, only that one. Raises TableRefused."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise TableRefused(path.name, _("Unpacked, this workbook is too large to be imported."))
            if any(declares(archive, entry) for entry in archive.infolist()):
                raise TableRefused(path.name, _("This workbook declares entities, as no spreadsheet does; it is not read."))
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if options.sheet:
            sheets = [sheet for sheet in book.worksheets if sheet.title.casefold() == options.sheet.casefold()]
        return read_sheets(path, sheets, options)
    except TableRefused:
        raise
    except Exception as error:
        # openpyxl raises whatever its parser meets (KeyError, ValueError, ParseError, BadZipFile); all mean the same here.
        raise TableRefused(path.name, _("The workbook is damaged and cannot be read (%(error)s).") % {"error": error})


def declares(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a part begins with a document type, in which entities could be declared that multiply when they are read.
    Only what stands before the first element is looked at; a part that is no XML declares nothing."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda name, system, public, internal: found.append("declared")
    parser.StartElementHandler = lambda name, attributes: found.append("begun")
    with archive.open(entry) as part:
        while not found:
            block = part.read(4096)
            try:
                # The empty block says that this was all: until then expat may keep back what it has not looked at.
                parser.Parse(block, not block)
            except expat.ExpatError:
                break
            if not block:
                break
    return "declared" in found


def read_sheets(path: Path, sheets: Sequence[Any], options: Options) -> list[Table]:
    tables, empty = [], None
    for sheet in sheets:
        name = path.name if len(sheets) == 1 and not options.sheet else f"{path.name}: {sheet.title}"
        # The stated size of a sheet is often wrong, and can be made enormous.
        sheet.reset_dimensions()
        try:
            columns, rows, faults = tabulate(name, grid(name, sheet), options, ragged=False)
        except TableRefused as error:
            if any(True for _number, cells in grid(name, sheet) if any(cells)):
                raise
            empty = error
            continue
        tables.append(Table(name, path, columns, rows, "", "", sheet.title, options, faults))
    if not tables:
        raise empty or TableRefused(path.name, _("There is no such sheet in this workbook."))
    return tables


def grid(name: str, sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [as_text(cell) for cell in cells] if len(cells) <= MOST_COLUMNS else wide_row(name, cells)
        while texts and not texts[-1]:
            texts.pop()
        yield number, texts


def wide_row(name: str, cells: Sequence[Any]) -> list[str]:
    if any(cell is not None for cell in cells[MOST_COLUMNS:]):
        sentence = _("That sheet has more than %(most)s columns; at most %(most)s can be imported.") % {"most": MOST_COLUMNS}
        raise TableRefused(name, sentence)
    return [as_text(cell) for cell in cells[:MOST_COLUMNS]]


def as_text(cell: object) -> str:
    """A cell as a CSV file would hold it: dates in ISO form, whole numbers without a point."""
    if cell is None or (isinstance(cell, str) and cell in BROKEN):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(Decimal(repr(cell)), "f")
    return str(cell)
