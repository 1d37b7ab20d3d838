"""From the bytes of a file to its text: encodings, and files that are no text at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAGIC = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
)
# Not tab, line feed and carriage return; PostgreSQL refuses NUL, XML most of the others.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Some databases write a line break inside a cell as one of these.
SOFT_BREAKS = {0x0B: " ", 0x0C: " "}
MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table")


class NoText(ValueError):
    """The bytes are not the text of a table; the message is a sentence for a person."""


@dataclass(frozen=True)
class Text:
    """`remarks` are (code, sentence) about the file as a whole."""

    text: str
    encoding: str
    remarks: tuple[tuple[str, str], ...] = ()


def recognise(data: bytes) -> str:
    """The format that the first bytes give away ("PDF", "ZIP", "XLS", ...), or ""."""
    start = data[:64].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(MARKUP):
        return "HTML"
    return next((name for magic, name in MAGIC if data.startswith(magic)), "")


def refuse_other_formats(data: bytes) -> None:
    """Raise NoText for a file of another format, whatever its name ends in."""
    found = recognise(data)
    if found == "XLS":
        raise NoText(_("This is an old Excel workbook, or one with a password. Save it as .xlsx or .csv without a password."))
    if found == "HTML":
        raise NoText(_("This is a web page or XML, not a table. Open it in a spreadsheet and save it as .xlsx or .csv."))
    if found:
        raise NoText(_("This is a %(format)s file, not a table. Save the table as .csv or .xlsx.") % {"format": found})


def wide(data: bytes) -> str:
    """UTF-16 without its mark: nearly every other byte of Western text is NUL."""
    head = data[:4096]
    if len(head) < 4 or len(data) % 2:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def guess(data: bytes) -> Text:
    """UTF-8 if it can be; else UTF-8 with damage, if most of it is; else Windows-1252; else Latin-1."""
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
    damaged = mended.count("\ufffd")
    if sum(character > "\x7f" for character in mended) - damaged > damaged:
        sentence = _("%(count)d characters are damaged; each is shown as %(sign)s.") % {"count": damaged, "sign": "\ufffd"}
        return Text(mended, "utf-8", (("damaged", sentence),))
    for encoding in ("cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sentence = _(
            "The file is not UTF-8 and was read as %(encoding)s. If letters look wrong, name its encoding in the mapping."
        ) % {"encoding": encoding}
        return Text(text, encoding, (("encoding", sentence),))
    raise AssertionError("Latin-1 decodes every byte")


def decode(data: bytes, encoding: str = "") -> Text:
    """The text of a table, without its byte-order mark and control characters. Raises NoText.

    With `encoding` given, that one and nothing else is tried, and a mark is still taken off.
    """
    refuse_other_formats(data)
    marked = next(((bom, name) for bom, name in BOMS if data.startswith(bom)), None)
    named = encoding or (marked[1] if marked else wide(data))
    if named:
        try:
            found = Text(data.decode(named), named)
        except (UnicodeError, LookupError):
            raise NoText(_("This file cannot be read as %(encoding)s.") % {"encoding": named})
    else:
        found = guess(data)
    text = found.text.removeprefix("\ufeff").translate(SOFT_BREAKS)
    clean = CONTROLS.sub("", text)
    dropped = len(text) - len(clean)
    if dropped > max(20, len(text) // 50):
        raise NoText(_("This file is not text. Save the table as .csv or .xlsx."))
    if dropped:
        sentence = _("%(count)d control characters were left out.") % {"count": dropped}
        return Text(clean, found.encoding, (*found.remarks, ("controls", sentence)))
    return Text(clean, found.encoding, found.remarks)
