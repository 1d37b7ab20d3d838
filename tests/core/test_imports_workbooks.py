"""Reading workbooks: sheets are tables of texts, and damaged or inflated ones are refused with a sentence."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from core.imports import TableRefused, read_table, read_tables
from core.imports.tables import Options


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


def save(path: Path, **sheets: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def refusal(path: Path) -> str:
    with pytest.raises(TableRefused) as caught:
        read_table(path)
    return caught.value.sentence


def test_a_sheet_is_read_as_the_texts_that_a_csv_file_would_hold(path: Path) -> None:
    save(
        path,
        People=[
            ["name", "born", "seen", "at", "n", "share", "yes", "formula", None],
            ["Zoë", date(2012, 5, 3), datetime(2023, 1, 2, 3, 4, 5), time(9, 30), 7.0, 0.1, True, "#N/A", None],
            [None, None, None, None, None, None, None, None, None],
            ["  ", "", "", "", 12345678901, 1e-7, False, "=1", ""],
        ],
    )
    table = read_table(path)
    assert (table.name, table.sheet) == ("book.xlsx", "People")
    assert table.columns == ("name", "born", "seen", "at", "n", "share", "yes", "formula")
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("Zoë", "2012-05-03", "2023-01-02 03:04:05", "09:30:00", "7", "0.1", "true", "")),
        (4, ("  ", "", "", "", "12345678901", "0.0000001", "false", "")),
    ]
    assert table.faults == ()


def test_each_visible_sheet_that_is_not_empty_is_a_table(path: Path) -> None:
    book = save(path, One=[["a", "b"], [1, 2]], Two=[["c"], [3]], Empty=[], Hidden=[["d"], [4]])
    book["Hidden"].sheet_state = "hidden"
    book.save(path)
    assert [(table.name, table.columns) for table in read_tables(path)] == [
        ("book.xlsx: One", ("a", "b")),
        ("book.xlsx: Two", ("c",)),
    ]
    assert read_table(path, Options(sheet="two")).columns == ("c",)


def test_cells_beside_the_last_column_name_stand_in_a_column_without_one(path: Path) -> None:
    save(path, People=[["name"], ["Zoë", None, "remark"], ["Åse"]])
    table = read_table(path)
    assert table.columns == ("name", "column B", "column C")
    assert [row.cells for row in table.rows] == [("Zoë", "", "remark"), ("Åse", "", "")]


def test_a_workbook_is_known_by_what_it_is_and_not_by_its_name(path: Path) -> None:
    save(path, People=[["name"], ["Zoë"]])
    renamed = path.rename(path.with_suffix(".csv"))
    assert read_table(renamed).columns == ("name",)


def test_more_than_ten_thousand_rows_are_refused_with_the_figure(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append(["name"])
    for number in range(10_001):
        sheet.append([number])
    book.save(path)
    assert refusal(path) == "That file has 10,001 rows; at most 10,000 can be imported at once."


def test_an_empty_workbook_is_refused(path: Path) -> None:
    save(path, One=[], Two=[])
    assert refusal(path) == "There is no row of column names in this file; it is empty."


def test_a_cell_far_away_is_refused_and_takes_no_time(path: Path) -> None:
    book = save(path, People=[["name"], ["Zoë"]])
    book["People"]["XFD1048576"] = "far"
    book.save(path)
    assert refusal(path) == "That sheet has more than 500 columns; at most 500 can be imported."


def test_a_damaged_workbook_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    assert refusal(path).startswith("The workbook is damaged and cannot be read (")


def test_a_workbook_that_unpacks_to_far_more_is_refused(path: Path) -> None:
    save(path, People=[["name"], ["Zoë"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/padding.xml", "w") as member:
        block = bytes(2**20)
        for _number in range(301):
            member.write(block)
    assert refusal(path) == "Unpacked, this workbook is too large to be imported."


def test_a_truncated_workbook_is_refused(path: Path) -> None:
    save(path, People=[["name"], ["Zoë"]])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert refusal(path) == "This is a ZIP file, not a table. Save the table as .csv or .xlsx."


def test_entities_that_multiply_are_refused(path: Path) -> None:
    save(path, People=[["name"], ["Zoë"]])
    bomb = f'<?xml version="1.0"?><!--{" " * 9000}--><!DOCTYPE b [<!ENTITY a0 "aaaaaaaaaa">'
    bomb += "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 9))
    bomb += "]><sst><si><t>&a8;</t></si></sst>"
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, bomb if entry.filename == "xl/worksheets/sheet1.xml" else old.read(entry))
    path.write_bytes(packed.getvalue())
    assert refusal(path) == "This workbook declares entities, as no spreadsheet does; it is not read."
