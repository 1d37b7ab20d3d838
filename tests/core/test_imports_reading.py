"""Reading files: what any spreadsheet or database writes is read, what is no table is refused with a sentence."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports import ImportRefused, Table, TableRefused, read_table, read_tables
from core.imports.reading import LONGEST_CELL, MOST_BYTES
from core.imports.tables import MOST_COLUMNS, Options

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes, name: str = "people.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def refusal(path: Path, options: Options | None = None) -> str:
    with pytest.raises(TableRefused) as caught:
        read_table(path, options)
    return caught.value.sentence


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_table_is_read_in_any_common_encoding_with_any_common_separator(
    write: Write, delimiter: str, encoding: str, ending: str
) -> None:
    lines = [("name", "home", "note"), ("Zoë Weiß", "Genève", 'says ""hi"", often'), ("Åse", "Malmö", "")]
    text = ending.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    table = read_table(write(text, encoding=encoding))
    assert table.columns == ("name", "home", "note")
    assert cells(table) == [("Zoë Weiß", "Genève", 'says "hi", often'), ("Åse", "Malmö", "")]
    assert table.delimiter == delimiter


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(write: Write, encoding: str) -> None:
    table = read_table(write("name,home\r\nZoë,Genève\r\n", encoding=encoding))
    assert (table.encoding, cells(table)) == (encoding, [("Zoë", "Genève")])


def test_a_guessed_encoding_is_noted_and_a_named_one_is_not(write: Write) -> None:
    path = write("name,home\nŁódź,x\n", encoding="iso8859-2")
    assert [fault.code for fault in read_table(path).faults] == ["encoding"]
    named = read_table(path, Options(encoding="iso8859-2"))
    assert (cells(named), named.faults) == ([("Łódź", "x")], ())


def test_a_named_encoding_that_does_not_fit_is_refused(write: Write) -> None:
    assert refusal(write(b"name\nZo\xeb\n"), Options(encoding="utf-8")) == "This file cannot be read as utf-8."


def test_a_few_damaged_letters_do_not_spoil_the_others(write: Write) -> None:
    table = read_table(write("name,home\nZoë,Genève\nÅse,Malm".encode() + b"\xff\n"))
    assert cells(table) == [("Zoë", "Genève"), ("Åse", "Malm\ufffd")]
    assert [fault.code for fault in table.faults] == ["damaged"]


def test_nul_and_other_control_characters_are_left_out_and_noted(write: Write) -> None:
    table = read_table(write(b"na\x00me,home\nZo\x00e,Gen\x07eva\nAse,Malmo\n"))
    assert (table.columns, cells(table)) == (("name", "home"), [("Zoe", "Geneva"), ("Ase", "Malmo")])
    assert [(fault.code, fault.sentence) for fault in table.faults] == [("controls", "3 control characters were left out.")]


def test_line_breaks_in_quotation_marks_belong_to_the_cell_and_rows_are_counted_as_a_spreadsheet_does(write: Write) -> None:
    table = read_table(write('name,about\nZoë,"one\ntwo\n\nthree"\n\n\nÅse,last\n'))
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("Zoë", "one\ntwo\n\nthree")), (5, ("Åse", "last"))]


def test_blank_rows_are_passed_over_and_counted(write: Write) -> None:
    table = read_table(write("\n\nname,home\n,\n  ,\t\nZoë,x\n,,,,\n"))
    assert (table.columns, [(row.number, row.cells) for row in table.rows]) == (("name", "home"), [(6, ("Zoë", "x"))])
    assert table.faults == ()


def test_a_separator_in_the_cells_does_not_mislead(write: Write) -> None:
    table = read_table(write("Name;Place;Tags\nWeiß, Zoë;Lyon, FR;a, b, c, d\nX;Y;e|f|g\n"))
    assert table.delimiter == ";"
    assert cells(table) == [("Weiß, Zoë", "Lyon, FR", "a, b, c, d"), ("X", "Y", "e|f|g")]


def test_the_header_may_hold_the_other_separators(write: Write) -> None:
    table = read_table(write("Name, first and last;Place;From|to\nZoë;Lyon;2012|2013\nÅse;Oslo;2014\n"))
    assert table.columns == ("Name, first and last", "Place", "From|to")


def test_a_table_of_one_column_keeps_its_commas(write: Write) -> None:
    table = read_table(write("Place\nLyon, FR\nOslo, NO\n"))
    assert (table.columns, cells(table), table.delimiter) == (("Place",), [("Lyon, FR",), ("Oslo, NO",)], "")


def test_the_line_by_which_excel_names_its_separator_is_no_row(write: Write) -> None:
    table = read_table(write("sep=|\r\nname|home\r\nZoë|x\r\n"))
    assert (table.columns, [(row.number, row.cells) for row in table.rows]) == (("name", "home"), [(2, ("Zoë", "x"))])


def test_repeated_and_blank_column_names_become_different_ones(write: Write) -> None:
    table = read_table(write("date,,date,date (2),date\n1,2,3,4,5\n"))
    assert table.columns == ("date", "column B", "date (2)", "date (2) (2)", "date (3)")
    assert [(fault.row, fault.column, fault.code) for fault in table.faults] == [
        (1, "date", "column-repeated"),
        (1, "date (2)", "column-repeated"),
    ]


def test_columns_that_only_trailing_separators_made_are_dropped(write: Write) -> None:
    table = read_table(write("name;home;;\nZoë;x;;\nÅse;y;;;;\n"))
    assert (table.columns, cells(table), table.faults) == (("name", "home"), [("Zoë", "x"), ("Åse", "y")], ())


def test_a_row_that_is_too_long_is_refused_and_one_that_is_too_short_is_filled_up(write: Write) -> None:
    table = read_table(write("name,home,year\nZoë,Lyon, FR,2012\nÅse,Oslo\nBo,Ghent,2013\n"))
    assert cells(table) == [("Åse", "Oslo", ""), ("Bo", "Ghent", "2013")]
    assert [(fault.row, fault.severity, fault.code, fault.value) for fault in table.faults] == [
        (2, "refused", "row-too-long", "2012"),
        (3, "note", "row-too-short", ""),
    ]


def test_a_header_in_the_middle_is_passed_over(write: Write) -> None:
    table = read_table(write("name,home\nZoë,x\nname,home\nÅse,y\n"))
    assert cells(table) == [("Zoë", "x"), ("Åse", "y")]
    assert [(fault.row, fault.code) for fault in table.faults] == [(3, "header-repeated")]


def test_the_row_of_column_names_can_be_named(write: Write) -> None:
    path = write("Exported on 3 May\n\nname,home\nZoë,x\n")
    table = read_table(path, Options(header=3))
    assert (table.columns, [(row.number, row.cells) for row in table.rows]) == (("name", "home"), [(4, ("Zoë", "x"))])


def test_quotation_marks_can_be_ordinary_or_escaped(write: Write) -> None:
    plain = read_table(write('name,size\nDisk,3.5"\n"Tape,1/2"\n'), Options(quote=""))
    assert cells(plain) == [("Disk", '3.5"'), ('"Tape', '1/2"')]
    escaped = read_table(write('name,says\nZoë,"a \\"b\\", c"\n'), Options(escape="\\"))
    assert cells(escaped) == [("Zoë", 'a "b", c')]


def test_columns_are_found_whatever_their_case_and_blanks(write: Write) -> None:
    table = read_table(write("Full  Name,full_name,HOME\na,b,c\n"))
    assert [table.position(name) for name in ("Full Name", "full_name", "full name", "home", "age")] == [0, 1, 0, 2, None]


def test_ten_thousand_rows_are_read_and_one_more_is_refused_with_the_figure(write: Write) -> None:
    assert len(read_table(write("name,n\n" + "x,1\n" * 10_000)).rows) == 10_000
    refused = "That file has 10,001 rows; at most 10,000 can be imported at once."
    assert refusal(write("name,n\n" + "x,1\n\n" * 10_001)) == refused


@pytest.mark.slow
def test_blank_rows_do_not_count_toward_the_limit(write: Write) -> None:
    assert len(read_table(write("name,n\n" + "x,1\n,\n" * 10_000)).rows) == 10_000


def test_too_many_columns_are_refused_with_the_figure(write: Write) -> None:
    header = ",".join(f"c{number}" for number in range(MOST_COLUMNS + 1))
    assert refusal(write(f"{header}\n{header.replace('c', 'v')}\n")) == "That file has 501 columns; at most 500 can be imported."


def test_a_file_above_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert refusal(path) == "That file has 51 MB; at most 50 MB can be imported at once."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "This is a PDF file, not a table. Save the table as .csv or .xlsx."),
        (b"\x89PNG\r\n\x1a\n", "This is a PNG file, not a table. Save the table as .csv or .xlsx."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "This is an old Excel workbook, or one with a password. Save it as .xlsx or .csv without a password.",
        ),
        (
            b"\n<!DOCTYPE html><html><table><tr><td>a,b",
            "This is a web page or XML, not a table. Open it in a spreadsheet and save it as .xlsx or .csv.",
        ),
        (bytes(range(32)) * 50, "This file is not text. Save the table as .csv or .xlsx."),
        (b"", "There is no row of column names in this file; it is empty."),
        (b"\xef\xbb\xbf\n \n,,\n", "There is no row of column names in this file; it is empty."),
    ],
)
def test_what_is_no_table_is_refused_whatever_it_is_called(write: Write, content: bytes, sentence: str) -> None:
    assert refusal(write(content)) == sentence


def test_an_archive_is_refused(write: Write) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("people.csv", "name,home\n")
    assert refusal(write(packed.getvalue())) == "This is a ZIP file, not a table. Save the table as .csv or .xlsx."


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == "The file cannot be opened: No such file or directory."


def test_a_header_alone_is_a_table_without_rows(write: Write) -> None:
    table = read_table(write("name,home"))
    assert (table.columns, table.rows) == (("name", "home"), ())


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_row(write: Write) -> None:
    path = write('name,home\nZoë,x\nÅse,"y\nBo,z\n' + "more,rows\n" * 50)
    sentence = "A quotation mark opened in row 3 is never closed, so everything after it would become one cell."
    assert refusal(path) == sentence


def test_a_cell_of_a_million_characters_is_read_and_a_longer_one_refused(write: Write) -> None:
    assert len(cells(read_table(write(f"name,about\nx,{'a' * LONGEST_CELL}\n")))[0][1]) == LONGEST_CELL
    sentence = "A cell in row 2 is longer than 1,000,000 characters; perhaps a quotation mark is never closed."
    assert refusal(write(f"name,about\nx,{'a' * (LONGEST_CELL + 1)}\n")) == sentence


def test_a_folder_gives_its_tables_by_name_and_leaves_the_rest(write: Write, tmp_path: Path) -> None:
    write("b,c\n1,2\n", "two.csv")
    write("a\tb\n1\t2\n", "one.tsv")
    write("x;y\n1;2\n", "three.TXT")
    write("Read me, please.\n", "README.txt")
    write("", "empty.txt")
    write("# no table", "notes.md")
    write("a,b\n", ".hidden.csv")
    (tmp_path / "folder.csv").mkdir()
    assert [(table.name, table.columns) for table in read_tables(tmp_path)] == [
        ("one.tsv", ("a", "b")),
        ("three.TXT", ("x", "y")),
        ("two.csv", ("b", "c")),
    ]


def test_a_folder_with_a_broken_table_is_refused_as_a_whole(write: Write, tmp_path: Path) -> None:
    write("b,c\n1,2\n", "good.csv")
    write("%PDF-1.4", "bad.csv")
    with pytest.raises(TableRefused) as caught:
        read_tables(tmp_path)
    assert str(caught.value) == "bad.csv: This is a PDF file, not a table. Save the table as .csv or .xlsx."


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_tables(tmp_path)
    assert str(caught.value) == f"There is no table (.csv, .tsv, .txt or .xlsx) in {tmp_path}."


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\r\t,;|\"'", exclude_characters="\ufeff"),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_csv_writer_wrote_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], delimiter: str, encoding: str, quoting: Literal[0, 1]
) -> None:
    path = tmp_path_factory.mktemp("written") / "rows.csv"
    header = ("first", "second", "third")
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
        writer.writerows([header, *rows])
    table = read_table(path, Options(delimiter=delimiter))
    kept = [row for row in rows if any(cell.strip("\u200b\u200c\u200d\u2060\ufeff\u00ad \n\r\t") for cell in row)]
    kept = [row for row in kept if any(cell.strip() for cell in row)]
    assert table.columns == header
    assert cells(table) == kept


WORDS = st.text(st.sampled_from("abcdefghij äöüßéñ"), min_size=1, max_size=12).filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_separator_and_encoding_of_ordinary_tables_are_found(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], delimiter: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("found") / "rows.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([("first", "second", "third"), *rows])
    table = read_table(path)
    assert (table.delimiter, cells(table)) == (delimiter, rows)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "any.csv"
    path.write_bytes(data)
    try:
        table = read_table(path)
    except TableRefused as refused:
        assert refused.sentence.endswith(".")
    else:
        assert {len(row.cells) for row in table.rows} <= {len(table.columns)}
