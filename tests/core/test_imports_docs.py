"""The page on imports: its example gives what it says, and it knows every option that there is, and no other."""

import csv
import io
import re
from pathlib import Path

import pytest

from core.imports import Field, Kind, Result, Schema, find_mapping, load_mapping, read_tables, translate, write_faults
from core.imports.loading import RECORD, TABLE, TOP
from core.imports.mapping import PSEUDO, VERSION
from core.imports.specs import EVERY, SEPARATORS

PAGE = (Path(__file__).parents[2] / "docs" / "imports.md").read_text(encoding="utf-8")
STATUS = ("proposed", "running", "finished", "stopped", "unknown")
COHORT = Schema(
    name="cohort",
    kinds=(
        Kind("cycles", (Field("key"), Field("name", required=True), Field("year", "year")), names=("name",)),
        Kind("organisations", (Field("key"), Field("name", required=True), Field("website", "url")), names=("name",)),
        Kind(
            "projects",
            (
                Field("key"),
                Field("title", required=True),
                Field("organisation", "reference", refers_to="organisations"),
                Field("status", "choice", choices=STATUS),
                Field("status_as_written"),
            ),
            names=("title",),
        ),
        Kind(
            "fellows",
            (
                Field("key"),
                Field("cycle", "reference", required=True, refers_to="cycles"),
                Field("name"),
                Field("skills", many=True),
                Field("home"),
            ),
            names=("name",),
        ),
        Kind(
            "placements",
            (
                Field("key"),
                Field("fellow", "reference", required=True, refers_to="fellows"),
                Field("organisation", "reference", required=True, refers_to="organisations"),
                Field("project", "reference", refers_to="projects"),
            ),
        ),
    ),
)


def block(name: str) -> str:
    """The text of the fenced block with this name."""
    found = re.search(rf"^```[a-z]+ {re.escape(name)}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1]


def options(heading: str) -> set[str]:
    """The names in the first column of the tables under a heading, as they stand in backticks."""
    section = PAGE.partition(f"### {heading}\n")[2].partition("\n##")[0]
    first = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    return {name for cell in first for name in re.findall(r"`([a-z_]+)", cell)}


@pytest.fixture
def result(tmp_path: Path) -> Result:
    for name in ("fellows.csv", "hosts.csv", "stays.csv"):
        (tmp_path / name).write_text(block(name), encoding="utf-8")
    tables = read_tables(tmp_path)
    mapping = find_mapping([load_mapping(block("tidewater.yaml"), COHORT)], tables)
    assert mapping
    return translate(COHORT, mapping, tables)


def test_the_example_gives_what_the_page_says(result: Result) -> None:
    lines = []
    for kind, tally in result.tallies().items():
        tally.added = len(result.records[kind])
        lines.append(str(tally))
    assert lines == block("summary").splitlines()


def test_the_example_has_the_faults_that_the_page_shows(result: Result) -> None:
    written = io.StringIO()
    write_faults(written, result.faults)
    assert written.getvalue() == block("faults.csv")


def test_the_records_of_the_example_are_these(result: Result) -> None:
    assert {kind: {record.key: dict(record.values) for record in records} for kind, records in result.records.items()} == {
        "cycles": {
            "2023": {"key": "2023", "name": "Tidewater 2023", "year": 2023},
            "2024": {"key": "2024", "name": "Tidewater 2024", "year": 2024},
        },
        "organisations": {
            "HA": {"key": "HA", "name": "Harbour Authority", "website": "https://www.harbour.example"},
            "CH": {"key": "CH", "name": "City Hall", "website": "https://city-hall.example/"},
            "RL": {"key": "RL", "name": "River Lab"},
        },
        "projects": {
            "open-tides": {
                "key": "open-tides",
                "title": "Open tides",
                "organisation": "HA",
                "status": "finished",
                "status_as_written": "done",
            },
            "permits-online": {
                "key": "permits-online",
                "title": "Permits online",
                "organisation": "CH",
                "status": "finished",
                "status_as_written": "Done",
            },
            "drift-maps": {
                "key": "drift-maps",
                "title": "Drift maps",
                "organisation": "CH",
                "status": "running",
                "status_as_written": "going on",
            },
        },
        "fellows": {
            "TW-01": {
                "key": "TW-01",
                "cycle": "2023",
                "name": "Ada Okoro",
                "skills": ("Research", "Service design"),
                "home": "Port Sel",
            },
            "TW-02": {"key": "TW-02", "cycle": "2023", "name": "Jonas Weiß", "skills": ("Data", "Policy")},
            "TW-03": {
                "key": "TW-03",
                "cycle": "2024",
                "name": "Mina Sato",
                "skills": ("Data", "Policy"),
                "home": "Lower Quay",
            },
        },
        "placements": {
            "tw-01-ha": {"key": "tw-01-ha", "fellow": "TW-01", "organisation": "HA", "project": "open-tides"},
            "tw-01-the-city-hall": {
                "key": "tw-01-the-city-hall",
                "fellow": "TW-01",
                "organisation": "CH",
                "project": "permits-online",
            },
            "tw-02-ch": {"key": "tw-02-ch", "fellow": "TW-02", "organisation": "CH", "project": "permits-online"},
        },
    }


def test_the_tables_of_the_example_are_whole_csv() -> None:
    for name in ("fellows.csv", "hosts.csv", "stays.csv"):
        rows = list(csv.reader(io.StringIO(block(name)), delimiter=";" if name == "fellows.csv" else ","))
        assert {len(row) for row in rows} == {len(rows[0])}


def test_every_option_stands_on_the_page_and_no_other() -> None:
    assert options("Tables") | {"quote", "escape", "header"} == set(TABLE)
    assert options("Records") == set(RECORD)
    assert options("Fields") | options("References") | {"refer", "join"} == set(EVERY)
    section = PAGE.partition("## The mapping file\n")[2].partition("\n###")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE)) == set(TOP)


def test_the_page_names_the_version_the_columns_and_the_separators_that_there_are() -> None:
    assert f"`{VERSION}`" in PAGE
    assert [name for name in PSEUDO if f"`{name}`" not in PAGE] == []
    assert "newline" in SEPARATORS
