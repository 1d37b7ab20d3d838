"""Faults as a file and the lines that count: exact, and harmless in a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports import Fault, Tally, write_faults
from core.imports.faults import COLUMNS, FORMULA


def rows(faults: list[Fault]) -> list[list[str]]:
    written = io.StringIO()
    write_faults(written, faults)
    return list(csv.reader(io.StringIO(written.getvalue())))


def test_faults_are_written_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "faults.csv"
    write_faults(path, [Fault("a.csv", 2, "Name", "Zoë, W.", "Too “long”.", "refused"), Fault("a.csv", 0, "", "", "Odd.")])
    assert path.read_text(encoding="utf-8") == (
        'table,row,column,value,severity,what\na.csv,2,Name,"Zoë, W.",refused,Too “long”.\na.csv,,,,note,Odd.\n'
    )
    write_faults(str(path), [])
    assert path.read_text(encoding="utf-8") == "table,row,column,value,severity,what\n"


@pytest.mark.parametrize("start", FORMULA)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    cell = f"{start}HYPERLINK(1)"
    safe = f"'{cell}".replace("\r", "\n")
    assert rows([Fault(cell, 1, cell, cell, cell)])[1] == [safe, "1", safe, safe, "note", safe]


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=5))
def test_whatever_the_cells_hold_it_is_one_line_a_fault_of_six_cells_none_of_them_a_formula(cells: list[tuple[str, ...]]) -> None:
    clean = [tuple(text.encode("utf-8", "replace").decode() for text in each) for each in cells]
    found = rows([Fault(table, 3, "c", value, sentence) for table, value, sentence in clean])
    assert found[0] == list(COLUMNS)
    assert [len(row) for row in found[1:]] == [6] * len(cells)
    assert [cell for row in found[1:] for cell in row if cell.startswith(FORMULA)] == []


def test_a_long_cell_is_shown_shortened() -> None:
    assert rows([Fault("a", 1, "b", "x" * 5000, "c")])[1][3] == "x" * 199 + "…"


def test_the_line_of_a_kind_says_four_numbers() -> None:
    assert str(Tally("fellows", added=270)) == "fellows: 270 added, 0 changed, 0 unchanged, 0 refused"
    tally = Tally("projects", 1, 2, 3)
    tally.refused += 4
    assert str(tally) == "projects: 1 added, 2 changed, 3 unchanged, 4 refused"


def test_a_fault_as_text_says_where() -> None:
    assert str(Fault("a.csv", 7, "Name", "x", "Too long.")) == "a.csv, row 7: Too long."
    assert str(Fault("a.csv", 0, "", "", "Odd.")) == "a.csv: Odd."
