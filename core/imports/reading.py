"""Reading files: CSV of any common make, and workbooks; one file, or a folder of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from core.imports.decoding import NoText, Text, decode, recognise
from core.imports.faults import Fault, ImportRefused, TableRefused
from core.imports.tables import Options, Table, tabulate
from core.imports.words import strip

MOST_BYTES = 50 * 1024 * 1024
# Well above any cell that a person wrote; a spreadsheet holds 32,767 characters.
LONGEST_CELL = 1_000_000
DELIMITERS = (",", ";", "\t", "|")
# Decoding took control characters out, so this one splits nothing: a file with a single column.
NOTHING = "\x1f"
END = "\ue000end of the file\ue000"
SAMPLE = 500_000
ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm")


def read_table(path: Path | str, options: Options | None = None) -> Table:
    """The table in a file; of a workbook, the sheet that `options` names or the first that is not empty.

    Raises TableRefused, with a sentence for a person.
    """
    tables = read_file(Path(path), options or Options())
    return tables[0]


def read_tables(path: Path | str) -> list[Table]:
    """All tables of a file or of a folder (not of the folders in it), by file name. Raises TableRefused, ImportRefused."""
    path = Path(path)
    if not path.is_dir():
        return read_file(path, Options())
    tables: list[Table] = []
    for file in sorted(path.iterdir(), key=lambda file: file.name):
        if file.suffix.lower() not in ENDINGS or file.name.startswith((".", "~$")) or not file.is_file():
            continue
        try:
            found = read_file(file, Options())
        except TableRefused:
            if file.suffix.lower() == ".txt":
                continue
            raise
        tables += [table for table in found if file.suffix.lower() != ".txt" or is_regular(table)]
    if not tables:
        raise ImportRefused(_("There is no table (.csv, .tsv, .txt or .xlsx) in %(path)s.") % {"path": path})
    return tables


def is_regular(table: Table) -> bool:
    """Whether a text file is a table rather than a note to the reader, in which there are commas, too."""
    return len(table.columns) > 1 and bool(table.rows) and not any(fault.severity == "refused" for fault in table.faults)


def read_file(path: Path, options: Options) -> list[Table]:
    """One table, or one for each sheet of a workbook. Raises TableRefused."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            sentence = _("That file has %(size)d MB; at most %(most)d MB can be imported at once.")
            raise TableRefused(path.name, sentence % {"size": -(-size // 2**20), "most": MOST_BYTES // 2**20})
        data = path.read_bytes()
    except OSError as error:
        raise TableRefused(path.name, _("The file cannot be opened: %(reason)s.") % {"reason": error.strerror})
    if recognise(data) == "ZIP":
        from core.imports.workbook import is_workbook, read_workbook

        if is_workbook(data):
            return read_workbook(path, data, options)
    try:
        text = decode(data, options.encoding)
    except NoText as error:
        raise TableRefused(path.name, str(error))
    return [read_text(path, text, options)]


def read_text(path: Path, text: Text, options: Options) -> Table:
    """A table from text with separators."""
    content, delimiter = text.text, options.delimiter
    # Excel's own way to name the separator; it does not show the line, so the line is not counted.
    first, _newline, rest = content.partition("\n")
    if first.rstrip("\r").lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        content, delimiter = rest, delimiter or first[4]
    if not delimiter:
        delimiter = find_delimiter(content, options)
    columns, rows, faults = tabulate(path.name, numbered(path.name, content, delimiter, options), options)
    remarks = [Fault(path.name, 0, "", "", sentence, "note", code) for code, sentence in text.remarks]
    shown = "" if delimiter == NOTHING else delimiter
    return Table(path.name, path, columns, rows, text.encoding, shown, "", options, (*remarks, *faults))


def records(text: str, delimiter: str, options: Options) -> Iterator[list[str]]:
    """The records of CSV. Raises csv.Error for a cell above the limit."""
    # The limit is one for the whole process; nothing else here reads CSV with larger cells.
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=options.quote or None,
        quoting=csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE,
        escapechar=options.escape or None,
        doublequote=not options.escape,
    )


def numbered(name: str, text: str, delimiter: str, options: Options) -> Iterator[tuple[int, Sequence[str]]]:
    """Records with their numbers. Raises TableRefused for a quotation mark that is never closed: csv would put the rest of
    the file into one cell and say nothing. So we add a last line, and look whether it comes back as one."""
    ended = text if text.endswith(("\n", "\r")) or not text else text + "\n"
    number = 0
    try:
        for number, cells in enumerate(records(ended + END, delimiter, options), start=1):
            if cells == [END]:
                return
            if cells and END in cells[-1]:
                break
            yield number, cells
    except csv.Error:
        sentence = _("A cell in row %(row)d is longer than %(most)s characters; perhaps a quotation mark is never closed.")
        raise TableRefused(name, sentence % {"row": number + 1, "most": f"{LONGEST_CELL:,}"})
    sentence = _("A quotation mark opened in row %(row)d is never closed, so everything after it would become one cell.")
    raise TableRefused(name, sentence % {"row": number})


def find_delimiter(text: str, options: Options) -> str:
    """The separator by which the rows have the header's number of cells most often; a tie goes to more columns."""
    sample = text[:SAMPLE]
    best, choice = (0.0, 1), NOTHING
    for delimiter in DELIMITERS:
        widths = sample_widths(sample, delimiter, options, cut=len(text) > SAMPLE)
        if widths == []:
            # Nothing but separators: a table without cells, and this is what separates them.
            return delimiter
        if widths and widths[0] > 1:
            score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
            if score > best:
                best, choice = score, delimiter
    return choice


def sample_widths(sample: str, delimiter: str, options: Options, *, cut: bool) -> list[int] | None:
    """How many cells the header and the first 200 rows have, blank rows aside; None if they cannot be read so."""
    try:
        first = list(islice(records(sample, delimiter, options), max(options.header - 1, 0), 200 + options.header))
    except csv.Error:
        return None
    if cut and len(first) > 1:
        first.pop()
    return [len(cells) for cells in first if any(strip(cell) for cell in cells)]


def reread(table: Table, options: Options) -> Table:
    """The same table read by other options; sheet and file stay. Raises TableRefused."""
    wanted = replace(options, sheet=table.sheet)
    return table if wanted == replace(table.options, sheet=table.sheet) else read_table(table.path, wanted)
