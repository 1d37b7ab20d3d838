"""What may fill what: suggestions from the names of columns and what stands in them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports import Field, Kind, Schema, Table, read_tables
from core.imports.proposing import guess, propose
from core.imports.suggesting import meanings
from core.imports.yamltext import read_yaml
from tests.core.conftest import Tables

HOSTS = Kind(
    "hosts",
    (
        Field("key"),
        Field("name", required=True),
        Field("website", "url"),
        Field("kind", "choice", choices=("agency", "company")),
        Field("city"),
        Field("founded", "year"),
    ),
    names=("name",),
    words=("organisation", "agency"),
)
PEOPLE = Kind(
    "people",
    (
        Field("key"),
        Field("name"),
        Field("cycle", "reference", required=True, refers_to="cycles"),
        Field("skills", many=True),
        Field("starts", "date"),
    ),
    names=("name",),
    words=("fellow", "person"),
)
CYCLES = Kind("cycles", (Field("key"), Field("name", required=True), Field("year", "year")), names=("name",), words=("cohort",))
STAYS = Kind(
    "stays",
    (
        Field("key"),
        Field("person", "reference", required=True, refers_to="people"),
        Field("host", "reference", required=True, refers_to="hosts"),
    ),
)
ONE = Schema((HOSTS,), name="hosts")
ALL = Schema((CYCLES, HOSTS, PEOPLE, STAYS))


def filled(schema: Schema, files: list[Table]) -> dict[str, dict[str, dict[str, str]]]:
    """{table: {kind: {field: the column suggested for it}}}."""
    return {
        table: {kind.name: {each.field: each.column for each in found} for kind, found in plan}
        for table, plan in propose(schema, files).items()
    }


def test_columns_are_suggested_by_their_names(tables: Tables) -> None:
    header = "ID,Organisation name,Homepage,Type,Town,Members\n"
    files = tables(directory=f"{header}1,City Hall,www.city.org,Agency,Ghent,3\n2,Y,,compny,,\n")
    assert filled(ONE, files) == {
        "directory.csv": {
            "hosts": {"key": "ID", "name": "Organisation name", "website": "Homepage", "kind": "Type", "city": "Town"}
        }
    }


def test_a_flat_table_gives_every_kind_that_its_rows_join(tables: Tables) -> None:
    files = tables(
        cohort="Fellow ID,Fellow name,Cohort,Agency,Agency website,Start date\nA,Zoë,2012,City Hall,city.org,1.2.2012\n"
    )
    assert filled(ALL, files) == {
        "cohort.csv": {
            "cycles": {"name": "Cohort"},
            "hosts": {"name": "Agency", "website": "Agency website"},
            "people": {"key": "Fellow ID", "name": "Fellow name", "cycle": "Cohort", "starts": "Start date"},
            "stays": {"person": "Fellow ID", "host": "Agency"},
        }
    }


def test_what_has_a_table_of_its_own_is_only_referred_to_elsewhere(tables: Tables) -> None:
    files = tables(
        agencies="code,name,url\nCH,City Hall,city.org\n",
        cycles="cycle,year\nC 2012,2012\n",
        fellows="fellow_ref,cycle,skills,agencies\nA,C 2012,a|b,CH\n",
        stays="fellow_ref,agency\nA,CH\n",
    )
    assert filled(ALL, files) == {
        "agencies.csv": {"hosts": {"key": "code", "name": "name", "website": "url"}},
        "cycles.csv": {"cycles": {"name": "cycle", "year": "year"}},
        "fellows.csv": {"people": {"key": "fellow_ref", "cycle": "cycle", "skills": "skills"}},
        "stays.csv": {"stays": {"person": "fellow_ref", "host": "agency"}},
    }


def test_a_column_is_suggested_only_if_its_cells_can_be_such_values(tables: Tables) -> None:
    good, bad = (tables(hosts=f"id,name,website\n1,x,{cell}\n") for cell in ("city.org", "see Facebook"))
    assert filled(ONE, good)["hosts.csv"]["hosts"] == {"key": "id", "name": "name", "website": "website"}
    assert filled(ONE, bad)["hosts.csv"]["hosts"] == {"key": "id", "name": "name"}


def test_nothing_is_suggested_for_a_table_of_which_nothing_is_known(tables: Tables) -> None:
    assert filled(ONE, tables(numbers="x1,x2\n1,2\n")) == {"numbers.csv": {}}


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("agency", "agency"),
        (" Agency ", "agency"),
        ("compny", "company"),
        ("a firm of ours", "company"),
        ("", ""),
        ("firm, town hall", ""),
    ],
)
def test_what_a_cell_means_is_guessed_from_the_word_its_look_or_its_only_hint(cell: str, meant: str) -> None:
    kind = Field("kind", "choice", choices=("agency", "company"), hints=(("company", "firm"), ("agency", "town hall")))
    assert guess(kind, cell) == meant


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=15).filter(
    lambda name: name.strip() and "\ue000" not in name
)
WORDS = st.sampled_from(
    ["ID", "name", "Agency", "agency id", "website", "type", "fellow", "Cohort", "yes", "null", "# a", "- b", "a: b"]
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(columns=st.lists(NAMES | WORDS, min_size=1, max_size=8), cells=st.lists(NAMES | WORDS, min_size=8, max_size=8))
def test_only_columns_and_fields_that_there_are_are_suggested_whatever_they_are_called(
    tmp_path_factory: pytest.TempPathFactory, columns: list[str], cells: list[str]
) -> None:
    path = tmp_path_factory.mktemp("draft") / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([columns, cells[: len(columns)]])
    files = read_tables(path)
    for schema in (ONE, ALL):
        for table in files:
            for kind, found in propose(schema, files)[table.name]:
                assert {each.column for each in found} <= set(table.columns)
                assert {each.field for each in found} <= set(kind.by_name)


def test_no_word_is_in_two_lines_of_the_synonyms() -> None:
    text = (Path(__file__).parents[2] / "core" / "imports" / "synonyms.yaml").read_text(encoding="utf-8")
    lines = read_yaml(text, "synonyms.yaml")
    assert isinstance(lines, list)
    words = [word for line in lines for word in line]
    assert sorted(words) == sorted(set(words))
    assert set(meanings()) == set(words)
