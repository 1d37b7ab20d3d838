"""Drafts of mapping files: suggestions from the names of columns, in a file that can be loaded and edited."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports import Field, Kind, MappingRefused, Schema, Table, load_mapping, read_tables, translate
from core.imports.drafting import draft_mapping
from core.imports.suggesting import meanings
from core.imports.yamltext import read_yaml

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
Tables = Callable[..., list[Table]]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    def tables(**files: str) -> list[Table]:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return read_tables(tmp_path)

    return tables


def test_a_draft_fills_in_what_it_can_guess_and_leaves_the_rest_as_comments(tables: Tables) -> None:
    header = "ID,Organisation name,Homepage,Type,Town,Members\n"
    files = tables(directory=f"{header}1,City Hall,www.city.org,Agency,Ghent,3\n2,Y,,compny,,\n")
    assert draft_mapping(ONE, files, mapping_id="directory", title="The directory") == (
        "# A draft: every line is a guess made from the names of the columns. Check it against docs/imports.md.\n"
        "schema: common-ground/import-mapping/1\n"
        "id: directory\n"
        "title: The directory\n"
        "# Keys of records are kept under this name; files with the same ids share it.\n"
        "source: directory\n"
        "for: hosts\n"
        "\n"
        "tables:\n"
        "  - name: directory\n"
        "    columns: [ID, Organisation name, Homepage, Type, Town, Members]\n"
        "    # not used: Members\n"
        "    records:\n"
        "      - kind: hosts\n"
        "        fields:\n"
        "          key: ID\n"
        "          name: Organisation name\n"
        "          website: Homepage\n"
        "          kind:\n"
        "            column: Type\n"
        "            # what it says: one of agency, company\n"
        "            values:\n"
        "              Agency: agency\n"
        "              compny: company\n"
        "          city: Town\n"
        "          # founded: (year)\n"
    )


def test_the_draft_of_a_flat_table_joins_its_records(tables: Tables) -> None:
    files = tables(
        cohort="Fellow ID,Fellow name,Cohort,Agency,Agency website,Start date\nA,Zoë,2012,City Hall,city.org,1.2.2012\n"
    )
    draft = draft_mapping(ALL, files)
    result = translate(ALL, load_mapping(draft, ALL), files)
    assert {kind: [dict(record.values) for record in records] for kind, records in result.records.items()} == {
        "cycles": [{"key": "2012", "name": "2012"}],
        "hosts": [{"key": "city-hall", "name": "City Hall", "website": "https://city.org"}],
        "people": [{"key": "A", "name": "Zoë", "cycle": "2012", "starts": result.records["people"][0].values["starts"]}],
        "stays": [{"key": "a-city-hall", "person": "A", "host": "city-hall"}],
    }
    assert result.faults == ()


def test_the_draft_of_several_tables_gives_each_kind_its_own(tables: Tables) -> None:
    files = tables(
        agencies="code,name,url\nCH,City Hall,city.org\n",
        cycles="cycle,year\nC 2012,2012\n",
        fellows="fellow_ref,cycle,skills,agencies\nA,C 2012,a|b,CH\n",
        stays="fellow_ref,agency\nA,CH\n",
    )
    result = translate(ALL, load_mapping(draft_mapping(ALL, files), ALL), files)
    assert {kind: [dict(record.values) for record in records] for kind, records in result.records.items()} == {
        "cycles": [{"key": "c-2012", "name": "C 2012", "year": 2012}],
        "hosts": [{"key": "CH", "name": "City Hall", "website": "https://city.org"}],
        "people": [{"key": "A", "cycle": "c-2012", "skills": ("a", "b")}],
        "stays": [{"key": "a-ch", "person": "A", "host": "CH"}],
    }


def test_a_column_is_suggested_only_if_its_cells_can_be_such_values(tables: Tables) -> None:
    good, bad = (tables(hosts=f"id,name,website\n1,x,{cell}\n") for cell in ("city.org", "see Facebook"))
    assert "          website: website\n" in draft_mapping(ONE, good)
    assert "          # website: (url)\n" in draft_mapping(ONE, bad)


def test_a_table_without_anything_known_is_all_comment(tables: Tables) -> None:
    draft = draft_mapping(ONE, tables(numbers="x1,x2\n1,2\n"))
    content = read_yaml(draft, "draft")
    assert isinstance(content, dict)
    assert content["tables"] == []
    with pytest.raises(MappingRefused) as caught:
        load_mapping(draft, ONE)
    assert caught.value.mistakes == ["tables: A list is expected here, with at least one entry."]


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=15).filter(
    lambda name: name.strip() and "\ue000" not in name
)
WORDS = st.sampled_from(
    ["ID", "name", "Agency", "agency id", "website", "type", "fellow", "Cohort", "yes", "null", "# a", "- b", "a: b"]
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(columns=st.lists(NAMES | WORDS, min_size=1, max_size=8), cells=st.lists(NAMES | WORDS, min_size=8, max_size=8))
def test_every_draft_is_yaml_and_loads_if_it_suggests_anything(
    tmp_path_factory: pytest.TempPathFactory, columns: list[str], cells: list[str]
) -> None:
    path = tmp_path_factory.mktemp("draft") / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([columns, cells[: len(columns)]])
    files = read_tables(path)
    for schema in (ONE, ALL):
        draft = draft_mapping(schema, files)
        content = read_yaml(draft, "draft")
        assert isinstance(content, dict)
        if content["tables"]:
            translate(schema, load_mapping(draft, schema), files)


def test_no_word_is_in_two_lines_of_the_synonyms() -> None:
    text = (Path(__file__).parents[2] / "core" / "imports" / "synonyms.yaml").read_text(encoding="utf-8")
    lines = read_yaml(text, "synonyms.yaml")
    assert isinstance(lines, list)
    words = [word for line in lines for word in line]
    assert sorted(words) == sorted(set(words))
    assert set(meanings()) == set(words)
