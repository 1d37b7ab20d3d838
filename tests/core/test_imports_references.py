"""References: how a record finds the one it means, and what becomes of it if there is none, or several."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.imports import Field, Kind, Result, Schema, load_mapping, read_tables, translate

SCHEMA = Schema(
    (
        Kind("hosts", (Field("key"), Field("name", required=True), Field("aliases", many=True)), names=("name",)),
        Kind(
            "projects",
            (Field("key"), Field("title", required=True), Field("host", "reference", refers_to="hosts")),
            names=("title",),
        ),
        Kind(
            "stays",
            (
                Field("key"),
                Field("host", "reference", required=True, refers_to="hosts"),
                Field("project", "reference", refers_to="projects"),
                Field("projects", "reference", many=True, refers_to="projects"),
            ),
        ),
        Kind(
            "days",
            (Field("place"), Field("day", "integer"), Field("before", "reference", refers_to="days")),
            key=("place", "day"),
        ),
    )
)
HOSTS = "Code,Host name,Also\nCDC,Centre for Disease Control,Disease Centre|CDC Atlanta\nVA,Veterans’ Affairs,\nNIH,Health,\n"
PROJECTS = "Id,Title,At\np1,Open data,CDC\np2,Better forms,VA\np3,Open data,VA\n"
MAPPING = """schema: common-ground/import-mapping/1
id: test
tables:
- columns: [Code]
  records: [{kind: hosts, fields: {key: Code, name: Host name, aliases: Also}}]
- columns: [Title]
  records: [{kind: projects, fields: {key: Id, title: Title, host: At}}]
- columns: [Stay]
  records: [{kind: stays, fields: {key: Stay, %s}}]
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(fields: str, stays: str, mapping: str = MAPPING, known: Any = None, **files: str) -> Result:
        for name, text in {"hosts": HOSTS, "projects": PROJECTS, "stays": stays, **files}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        mapping = mapping % fields if "%s" in mapping else mapping
        return translate(SCHEMA, load_mapping(mapping, SCHEMA), read_tables(tmp_path), known)

    return run


def found(result: Result, field: str) -> dict[str, object]:
    return {record.key: record.values.get(field) for record in result.records["stays"]}


def told(result: Result) -> list[tuple[str, int, str, str, str]]:
    return [(fault.table, fault.row, fault.value, fault.code, fault.severity) for fault in result.faults]


def test_a_record_is_found_by_key_or_name_exactly_or_loosely(run: Run) -> None:
    stays = "Stay,Host\n1,CDC\n2,the CDC\n3,Centre for Disease Control\n4, centre for disease-control \n5,VETERANS AFFAIRS\n"
    result = run("host: Host", stays)
    assert found(result, "host") == {"1": "CDC", "2": "CDC", "3": "CDC", "4": "CDC", "5": "VA"}
    assert told(result) == []


def test_the_fields_to_compare_with_can_be_named_and_lists_count_by_item(run: Run) -> None:
    result = run("host: {by: Host, against: [aliases]}", "Stay,Host\n1,disease centre\n2,CDC Atlanta\n3,CDC\n")
    assert found(result, "host") == {"1": "CDC", "2": "CDC"}
    assert told(result) == [("stays.csv", 4, "CDC", "reference-absent", "refused")]


def test_a_comparison_can_be_exact(run: Run) -> None:
    result = run("host: {by: Host, match: exact}", "Stay,Host\n1,the CDC\n2,CDC\n")
    assert found(result, "host") == {"2": "CDC"}


def test_several_columns_are_tried_in_turn_and_disagreement_is_noted(run: Run) -> None:
    stays = "Stay,Code,Name\n1,the project,Health\n2,CDC,Health\n3,,Health\n4,VA,\n5,VA,nobody\n6,none,nobody\n"
    result = run("host: {by: [Code, Name]}", stays)
    assert found(result, "host") == {"1": "NIH", "2": "CDC", "3": "NIH", "4": "VA", "5": "VA"}
    assert told(result) == [
        ("stays.csv", 3, "CDC Health", "reference-doubtful", "note"),
        ("stays.csv", 7, "none", "reference-absent", "refused"),
    ]
    assert [fault.sentence for fault in result.faults] == [
        "“Health” is “NIH” in hosts, but “CDC” is another; the latter is kept.",
        "“none” leads nowhere: there is no such entry in hosts.",
    ]


def test_what_is_absent_leaves_a_blank_or_refuses_the_record(run: Run) -> None:
    stays = "Stay,Host,Project\n1,CDC,p9\n2,CDC,p1\n"
    left = run("host: Host, project: Project", stays)
    assert found(left, "project") == {"1": None, "2": "p1"}
    assert told(left) == [("stays.csv", 2, "p9", "reference-absent", "note")]
    refused = run("host: Host, project: {by: Project, absent: refuse}", stays)
    assert found(refused, "project") == {"2": "p1"}
    assert told(refused) == [("stays.csv", 2, "p9", "reference-absent", "refused")]
    assert refused.refused == {"stays": 1}


def test_what_is_absent_can_be_made_from_the_row_once(run: Run) -> None:
    stays = "Stay,Code,Name\n1,EPA,Environment\n2,EPA,Environment\n3,CDC,Disease\n4,,Ghosts\n5,XX,\n"
    result = run("host: {by: [Code, Name], create: {key: {either: [Code, Name]}, name: Name}}", stays)
    assert found(result, "host") == {"1": "EPA", "2": "EPA", "3": "CDC", "4": "Ghosts"}
    assert {record.key: record.values.get("name") for record in result.records["hosts"]} == {
        "CDC": "Centre for Disease Control",
        "VA": "Veterans’ Affairs",
        "NIH": "Health",
        "EPA": "Environment",
        "Ghosts": "Ghosts",
    }
    assert told(result) == [
        ("stays.csv", 2, "EPA", "created", "note"),
        ("stays.csv", 5, "Ghosts", "created", "note"),
        ("stays.csv", 6, "XX", "created", "note"),
        ("stays.csv", 6, "XX", "required", "refused"),
        ("stays.csv", 6, "5", "reference-refused", "refused"),
    ]
    assert result.refused == {"hosts": 1, "stays": 1}


def test_the_key_of_what_is_made_is_the_cell_unless_the_mapping_says_otherwise(run: Run) -> None:
    result = run("host: {by: Host, create: {name: Host}}", "Stay,Host\n1,New  place\n2,the new place\n")
    assert found(result, "host") == {"1": "New place", "2": "New place"}


def test_what_is_made_is_found_again_whatever_was_filled(run: Run) -> None:
    fields = "host: {by: Host, against: [name], create: {key: {column: Host, as: slug}, name: {constant: Unnamed}}}"
    result = run(fields, "Stay,Host\n1,Port One\n2,Port One\n3,Port Two\n4,CDC\n")
    assert found(result, "host") == {"1": "port-one", "2": "port-one", "3": "port-two", "4": "cdc"}
    # A key that is there already is meant, though its name is another.
    existing = run("host: {by: Name, create: {key: Code, name: Name}}", "Stay,Code,Name\n1,CDC,Disease people\n")
    assert found(existing, "host") == {"1": "CDC"}
    assert told(existing) == []


def test_each_item_of_a_list_can_be_made(run: Run) -> None:
    fields = "host: {constant: CDC}, projects: {by: Projects, create: {key: {column: $item, as: slug}, title: $item}}"
    result = run(fields, "Stay,Projects\n1,Better forms; Fast Maps\n2,Fast maps; p1\n")
    assert found(result, "projects") == {"1": ("p2", "fast-maps"), "2": ("fast-maps", "p1")}
    assert {record.key: record.values["title"] for record in result.records["projects"]} == {
        "p1": "Open data",
        "p2": "Better forms",
        "p3": "Open data",
        "fast-maps": "Fast Maps",
    }


def test_a_list_of_references_may_be_tried_by_several_columns(run: Run) -> None:
    result = run("host: Host, projects: {by: [Id, Title]}", "Stay,Host,Id,Title\n1,CDC,,Better forms\n2,CDC,p1,\n")
    assert found(result, "projects") == {"1": ("p2",), "2": ("p1",)}


def test_what_one_table_makes_is_found_by_rows_above_it(run: Run) -> None:
    mapping = (
        MAPPING % "host: Host"
        + """
- columns: [Made]
  records: [{kind: projects, fields: {key: Made, title: Made, host: {by: Where, create: {name: Where}}}}]
"""
    )
    result = run("", "Stay,Host\n1,Brand new\n", mapping=mapping, made="Made,Where\nm,Brand new\n")
    assert found(result, "host") == {"1": "Brand new"}
    assert told(result) == [("made.csv", 2, "Brand new", "created", "note")]


def test_an_ambiguous_name_is_not_guessed(run: Run) -> None:
    result = run("host: Host, project: Project", "Stay,Host,Project\n1,CDC,open data\n2,CDC,Better forms\n")
    assert found(result, "project") == {"1": None, "2": "p2"}
    assert [fault.sentence for fault in result.faults] == ["“open data” may be any of these in projects: p1, p3."]


def test_of_several_named_the_one_that_agrees_is_taken(run: Run) -> None:
    stays = "Stay,Host,Projects\n1,CDC,p1|p2\n2,VA,p1|p2\n3,VA,p2|p3\n4,NIH,p2|p1\n5,VA,p1\n"
    result = run('host: Host, project: {by: Projects, split: "|", take: {agree: host}}', stays)
    assert found(result, "project") == {"1": "p1", "2": "p2", "3": "p2", "4": "p2", "5": "p1"}
    assert told(result) == [
        ("stays.csv", 4, "p2|p3", "several", "note"),
        ("stays.csv", 5, "p2|p1", "several", "note"),
    ]


def test_of_several_named_the_first_is_taken_and_noted_unless_the_mapping_says_so(run: Run) -> None:
    stays = "Stay,Host,Projects\n1,CDC,p2;nowhere;p1\n"
    seen = {}
    for more in ("", ", take: first", ", take: last"):
        result = run(f'host: Host, project: {{by: Projects, split: ";"{more}}}', stays)
        seen[more] = (found(result, "project"), [fault.code for fault in result.faults])
    assert seen == {
        "": ({"1": "p2"}, ["reference-absent", "several"]),
        ", take: first": ({"1": "p2"}, ["reference-absent"]),
        ", take: last": ({"1": "p1"}, ["reference-absent"]),
    }


def test_a_list_of_references_keeps_those_that_lead_somewhere(run: Run) -> None:
    stays = 'Stay,Host,Projects\n1,CDC,"[""p1"", ""Better forms"", ""p9""]"\n1,CDC,p3; p1\n'
    result = run("host: Host, projects: Projects", stays)
    assert found(result, "projects") == {"1": ("p1", "p2", "p3")}
    assert told(result) == [("stays.csv", 2, "p9", "reference-absent", "note")]


def test_a_cell_may_be_translated_before_it_is_looked_up(run: Run) -> None:
    fields = "host: {by: Host, values: {the project: NIH, none: , all: {is: VA, say: All is read as VA.}}, blank: CDC}"
    result = run(fields, "Stay,Host\n1,The Project\n2,none\n3,all\n4,\n")
    assert found(result, "host") == {"1": "NIH", "3": "VA", "4": "CDC"}
    assert told(result) == [("stays.csv", 3, "2", "required", "refused"), ("stays.csv", 4, "all", "said", "note")]


def test_a_constant_may_be_a_reference(run: Run) -> None:
    assert found(run("host: {constant: the CDC}", "Stay\n1\n"), "host") == {"1": "CDC"}


def test_rows_that_disagree_about_a_reference_are_a_contradiction(run: Run) -> None:
    result = run("host: Host", "Stay,Host\n1,CDC\n1,the CDC\n1,VA\n")
    assert found(result, "host") == {"1": "CDC"}
    assert told(result) == [("stays.csv", 4, "VA", "contradiction", "note")]


def test_what_is_refused_is_taken_out_of_what_refers_to_it(run: Run) -> None:
    hosts = "Code,Host name,Also\nCDC,Centre,\nXX,,\n"
    result = run("host: Host, project: Project", "Stay,Host,Project\n1,CDC,p1\n2,XX,\n3,CDC,p2\n", hosts=hosts)
    projects = {record.key: record.values.get("host") for record in result.records["projects"]}
    assert projects == {"p1": "CDC", "p2": None, "p3": None}
    assert found(result, "host") == {"1": "CDC", "3": "CDC"}
    assert result.refused == {"hosts": 1, "stays": 1}
    assert [(row, code, severity) for table, row, _value, code, severity in told(result) if table != "projects.csv"] == [
        (3, "required", "refused"),
        (3, "reference-refused", "refused"),
    ]


def test_records_that_are_there_already_can_be_meant_and_are_not_given_back(run: Run) -> None:
    known = {"hosts": [{"key": "FAA", "name": "Aviation", "aliases": ["Flights"]}, {"key": "CDC", "name": "Old name"}]}
    fields = "host: {by: Host, against: [key, name, aliases], create: {name: Host}}"
    result = run(fields, "Stay,Host\n1,FAA\n2,aviation\n3,flights\n4,old name\n", known=known)
    assert found(result, "host") == {"1": "FAA", "2": "FAA", "3": "FAA", "4": "CDC"}
    assert [record.key for record in result.records["hosts"]] == ["CDC", "VA", "NIH"]
    assert result.records["hosts"][0].values["name"] == "Centre for Disease Control"


def test_a_known_record_needs_not_be_complete_again(run: Run) -> None:
    known = {"hosts": [{"key": "FAA", "name": "Aviation"}]}
    result = run("host: Host", "Stay,Host\n1,FAA\n", hosts="Code,Host name,Also\nFAA,,Flights\nXX,,\n", known=known)
    [record] = result.records["hosts"]
    assert record.values == {"key": "FAA", "aliases": ("Flights",)}
    assert result.refused == {"hosts": 1}


def test_a_key_of_several_fields_is_one_text_and_can_be_referred_to(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Place,Day,Before\nX/Y,1,\nX/Y,2,X%2FY/1\nZ,1,1\n", encoding="utf-8")
    mapping = """schema: common-ground/import-mapping/1
id: test
tables:
- records: [{kind: days, fields: {place: Place, day: Day, before: Before}}]
"""
    result = translate(SCHEMA, load_mapping(mapping, SCHEMA), read_tables(tmp_path))
    assert {record.key: record.values.get("before") for record in result.records["days"]} == {
        "X%2FY/1": None,
        "X%2FY/2": "X%2FY/1",
        "Z/1": None,
    }
    assert [(fault.row, fault.code) for fault in result.faults] == [(4, "reference-ambiguous")]


def test_records_may_refer_to_one_another_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Place,Day,Before\nX,1,X/2\nX,2,X/1\n", encoding="utf-8")
    mapping = """schema: common-ground/import-mapping/1
id: test
tables:
- records: [{kind: days, fields: {place: Place, day: Day, before: Before}}]
"""
    result = translate(SCHEMA, load_mapping(mapping, SCHEMA), read_tables(tmp_path))
    assert {record.key: record.values.get("before") for record in result.records["days"]} == {"X/1": "X/2", "X/2": "X/1"}
