"""From rows to records: one row or many, one table or several, and every fault by its row."""

import cProfile
import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports import Field, ImportRefused, Kind, Record, Result, Schema, load_mapping, read_tables, translate

STATUS = ("proposed", "running", "finished", "unknown")
SCHEMA = Schema(
    (
        Kind(
            "hosts", (Field("key"), Field("name", required=True), Field("site", "url"), Field("tags", many=True)), names=("name",)
        ),
        Kind(
            "projects",
            (
                Field("key"),
                Field("title", required=True),
                Field("host", "reference", refers_to="hosts"),
                Field("status", "choice", choices=STATUS),
                Field("status_as_written"),
                Field("from", "date"),
                Field("until", "date"),
                Field("size", "integer"),
            ),
            names=("title",),
        ),
        Kind(
            "people",
            (
                Field("key"),
                Field("name", required=True, longest=20),
                Field("skills", many=True),
                Field("year", "year"),
                Field("hosts", "reference", many=True, refers_to="hosts"),
                Field("mail", "email"),
            ),
            names=("name",),
        ),
        Kind(
            "stays",
            (
                Field("key"),
                Field("person", "reference", required=True, refers_to="people"),
                Field("host", "reference", required=True, refers_to="hosts"),
                Field("project", "reference", refers_to="projects"),
            ),
        ),
    )
)
HEAD = "schema: common-ground/import-mapping/1\nid: test\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(mapping: str, /, _known: Any = None, **files: str) -> Result:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return translate(SCHEMA, load_mapping(HEAD + mapping, SCHEMA), read_tables(tmp_path), _known)

    return run


def values(result: Result, kind: str) -> dict[str, dict[str, object]]:
    """The values of each record by key, the key itself left out."""
    return {
        record.key: {name: value for name, value in record.values.items() if name != "key"} for record in result.records[kind]
    }


def faults(result: Result) -> list[tuple[int, str, str, str, str]]:
    return [(fault.row, fault.column, fault.value, fault.code, fault.severity) for fault in result.faults]


PEOPLE = """
tables:
- records:
  - kind: people
    fields:
      key: Id
      name: {columns: [First, Last]}
      skills: {column: Skills}
      year: Year
      mail: Mail
"""


def test_a_row_becomes_a_record_and_a_blank_cell_says_nothing(run: Run) -> None:
    result = run(PEOPLE, a="id,FIRST,last,skills,year,mail\n 1 , Zoë ,,a; b,2012, \n")
    assert result.records["people"] == (
        Record("people", "1", {"key": "1", "name": "Zoë", "skills": ("a", "b"), "year": 2012}, "a.csv", 2),
    )
    assert (result.faults, result.refused, result.used, result.unused) == ((), {}, (("1", "a.csv"),), ())


def test_a_cell_that_cannot_be_read_is_left_blank_and_noted(run: Run) -> None:
    result = run(PEOPLE, a="Id,First,Last,Skills,Year,Mail\n1,Zoë,Weiß,,early,zoe at home\n")
    assert values(result, "people") == {"1": {"name": "Zoë Weiß"}}
    assert faults(result) == [(2, "Year", "early", "no-year", "note"), (2, "Mail", "zoe at home", "no-email", "note")]


def test_a_record_without_what_is_required_is_refused_and_the_cell_is_blamed(run: Run) -> None:
    text = "Id,First,Last,Skills,Year,Mail\n1,,,x,,\n2,Maximiliane,von der Tann-Rathsamhausen,,,\n,Bo,Li,,,\n"
    result = run(PEOPLE, a=text)
    assert values(result, "people") == {}
    assert faults(result) == [
        (2, "", "1", "required", "refused"),
        (3, "First, Last", "Maximiliane von der Tann-Rathsamhausen", "too-long", "refused"),
        (4, "Id", "", "no-key", "refused"),
    ]
    assert [fault.sentence for fault in result.faults] == [
        "“1” in people has no name.",
        "This has 38 characters; at most 20 fit.",
        "There is no key for this entry in people.",
    ]
    assert result.refused == {"people": 3}
    assert str(result.tallies()["people"]) == "people: 0 added, 0 changed, 0 unchanged, 3 refused"


def test_a_row_that_is_too_long_counts_as_a_refused_record_of_its_table(run: Run) -> None:
    result = run(PEOPLE, a="Id,First,Last,Skills,Year,Mail\n1,Zoë,Weiß,a,b,2012,z@b.org,more\n2,Bo,Li,,,\n")
    assert values(result, "people") == {"2": {"name": "Bo Li"}}
    assert (result.refused, [fault.code for fault in result.faults]) == ({"people": 1}, ["row-too-long"])


def test_rows_with_the_same_key_are_one_record(run: Run) -> None:
    text = "Id,First,Last,Skills,Year,Mail\n1,Zoë,,a,,\n2,Bo,Li,,,\n1,zoë,,b|a,2012,\n1,Zoe,,,2013,z@b.org\n1,Zoe,,,2013,\n"
    result = run(PEOPLE, a=text)
    assert values(result, "people") == {
        "1": {"name": "Zoë", "skills": ("a", "b"), "year": 2012, "mail": "z@b.org"},
        "2": {"name": "Bo Li"},
    }
    assert faults(result) == [(5, "First, Last", "Zoe", "contradiction", "note"), (5, "Year", "2013", "contradiction", "note")]
    assert result.faults[0].sentence == "name of “1” is given differently in a.csv, row 2: “Zoë”. That is kept."


def test_a_repeated_key_can_be_refused_instead(run: Run) -> None:
    mapping = PEOPLE.replace("kind: people\n", "kind: people\n    repeated: refuse\n")
    result = run(mapping, a="Id,First,Last,Skills,Year,Mail\n1,Zoë,,,,\n1,Bo,,,,\n")
    assert values(result, "people") == {"1": {"name": "Zoë"}}
    assert (faults(result), result.refused) == ([(3, "Id", "1", "repeated", "refused")], {"people": 1})


def test_a_record_may_be_gathered_from_several_tables(run: Run) -> None:
    result = run(
        """
tables:
- {columns: [Id, Skill], records: [{kind: people, fields: {key: Id, skills: Skill}}]}
- {columns: [Id, Name], records: [{kind: people, fields: {key: Id, name: Name}}]}
""",
        skills="Id,Skill\n1,a\n1,b\n2,c\n",
        names="Id,Name\n2,Bo\n1,Zoë\n",
    )
    assert values(result, "people") == {"1": {"name": "Zoë", "skills": ("a", "b")}, "2": {"name": "Bo", "skills": ("c",)}}
    assert result.faults == ()


FLAT = """
blanks: [n/a, "-"]
tables:
- records:
  - kind: people
    fields: {key: Person, name: Person, skills: Skills}
  - kind: hosts
    fields: {key: {column: Host, as: slug}, name: Host, site: Site}
  - kind: projects
    when: Project
    fields:
      key: {column: Project, as: slug}
      title: Project
      host: Host
      status: {column: Status, values: {ongoing: running, done: finished, stalled: }, keep_raw: status_as_written}
      from: {column: Start}
      until: {column: End, partial: end}
  - kind: stays
    when: [Person, Host]
    fields:
      key: {template: "{Person} at {Host}", as: slug}
      person: Person
      host: Host
      project: Project
"""


def test_one_flat_table_gives_records_of_every_kind(run: Run) -> None:
    result = run(
        FLAT,
        a="Person;Host;Site;Project;Status;Start;End;Skills\n"
        "Zoë;City Hall;www.city.org;Maps;Ongoing;01.02.2023;06/2024;[“A, b”, C]\n"
        "Zoë;the CITY hall;-;Trees;DONE;March 2023;2024;\n"
        "Bo;n/a;;Maps;ongoing;;;D\n"
        "Åse;Port;port;;stalled;;;\n",
    )
    assert {kind: values(result, kind) for kind in result.records} == {
        "people": {
            "Zoë": {"name": "Zoë", "skills": ("A, b", "C")},
            "Bo": {"name": "Bo", "skills": ("D",)},
            "Åse": {"name": "Åse"},
        },
        "hosts": {"city-hall": {"name": "City Hall", "site": "https://www.city.org"}, "port": {"name": "Port"}},
        "projects": {
            "maps": {
                "title": "Maps",
                "host": "city-hall",
                "status": "running",
                "status_as_written": "Ongoing",
                "from": date(2023, 2, 1),
                "until": date(2024, 6, 30),
            },
            "trees": {
                "title": "Trees",
                "host": "city-hall",
                "status": "finished",
                "status_as_written": "DONE",
                "from": date(2023, 3, 1),
                "until": date(2024, 12, 31),
            },
        },
        "stays": {
            "zoe-at-city-hall": {"person": "Zoë", "host": "city-hall", "project": "maps"},
            "zoe-at-the-city-hall": {"person": "Zoë", "host": "city-hall", "project": "trees"},
            "ase-at-port": {"person": "Åse", "host": "port"},
        },
    }
    assert faults(result) == [(3, "Host", "the CITY hall", "contradiction", "note"), (5, "Site", "port", "no-url", "note")]


def test_values_are_translated_whatever_their_case_and_what_is_left_follows_otherwise(run: Run) -> None:
    mapping = """
tables:
- records:
  - kind: projects
    fields:
      key: Id
      title: Id
      status: {{column: Status, values: {{live: running, beta: {{is: running, say: Beta is read as running.}}, old: }} {more}}}
"""
    text = "Id,Status\n1,LIVE\n2,Beta\n3,old\n4,Finished\n5,strange\n6,\n"
    seen = {}
    for more in ("", ", otherwise: blank", ", otherwise: unknown", ", otherwise: {is: unknown, say: Odd.}", ", blank: unknown"):
        if more == ", otherwise: unknown":
            more = ", otherwise: {is: unknown}"
        result = run(mapping.format(more=more), a=text)
        found = [record.values.get("status", "") for record in result.records["projects"]]
        seen[more] = (found, [(fault.row, fault.value, fault.code) for fault in result.faults])
    beta = (3, "Beta", "said")
    assert seen == {
        "": (["running", "running", "", "finished", "", ""], [beta, (6, "strange", "no-choice")]),
        ", otherwise: blank": (["running", "running", "", "finished", "", ""], [beta]),
        ", otherwise: {is: unknown}": (["running", "running", "", "finished", "unknown", ""], [beta]),
        ", otherwise: {is: unknown, say: Odd.}": (
            ["running", "running", "", "finished", "unknown", ""],
            [beta, (6, "strange", "said")],
        ),
        ", blank: unknown": (["running", "running", "", "finished", "", "unknown"], [beta, (6, "strange", "no-choice")]),
    }


def test_what_stands_in_for_a_blank_gives_way_to_what_another_row_says(run: Run) -> None:
    mapping = """
tables:
- records:
  - kind: projects
    fields: {key: Id, title: Id, status: {column: Status, blank: {is: unknown, say: No status.}}}
"""
    result = run(mapping, a="Id,Status\n1,\n1,running\n2,\n")
    assert values(result, "projects") == {"1": {"title": "1", "status": "running"}, "2": {"title": "2", "status": "unknown"}}
    assert [(fault.row, fault.sentence) for fault in result.faults] == [(2, "No status."), (4, "No status.")]


def test_several_values_for_a_field_that_holds_one(run: Run) -> None:
    mapping = """
tables:
- records:
  - kind: projects
    fields:
      key: Id
      title: Id
      status: {{column: Status, split: ",", values: {{Hall: , Brigade: running, Lab: running}} {more}}}
"""
    text = 'Id,Status\n1,"Brigade, Hall, Lab"\n2,"Hall, finished, Lab"\n3,Hall\n'
    plain = run(mapping.format(more=""), a=text)
    assert [record.values.get("status") for record in plain.records["projects"]] == ["running", "finished", None]
    assert faults(plain) == [(3, "Status", "Hall, finished, Lab", "several", "note")]
    first, last = (run(mapping.format(more=f", take: {take}"), a=text) for take in ("first", "last"))
    assert [record.values.get("status") for record in first.records["projects"]] == ["running", "finished", None]
    assert [record.values.get("status") for record in last.records["projects"]] == ["running", "running", None]
    assert (first.faults, last.faults) == ((), ())


def test_cells_are_chosen_joined_and_put_into_templates(run: Run) -> None:
    mapping = """
tables:
- columns: [Id]
  file: "*.csv"
  records:
  - kind: hosts
    fields:
      key: {template: "{{{$file}}}:{Id}"}
      name: {either: [Name, Short, Id]}
      tags: {columns: [Tag 1, Tag 2, Tag 3]}
"""
    result = run(mapping, a="Id,Name,Short,Tag 1,Tag 2,Tag 3\n1,City Hall,,x,,y\n2,,CH,,,\n3,,,y,y,\n")
    assert values(result, "hosts") == {
        "{a}:1": {"name": "City Hall", "tags": ("x", "y")},
        "{a}:2": {"name": "CH"},
        "{a}:3": {"name": "3", "tags": ("y",)},
    }


def test_a_condition_decides_which_rows_give_a_record(run: Run) -> None:
    mapping = """
tables:
- records:
  - {{kind: people, {condition}, fields: {{key: Id, name: Id}}}}
"""
    text = "Id,Role,Left\n1,Fellow,\n2,MENTOR,\n3,,2012\n4,senior  fellow,2013\n"
    kept = {
        condition: [record.key for record in run(mapping.format(condition=condition), a=text).records["people"]]
        for condition in (
            "when: Role",
            "when: [Role, Left]",
            "when: {Role: fellow}",
            "when: {Role: [Fellow, Senior Fellow]}",
            "when: {Role: }",
            "unless: Left",
            "unless: {Role: mentor}",
            "unless: [Role, Left]",
        )
    }
    assert kept == {
        "when: Role": ["1", "2", "4"],
        "when: [Role, Left]": ["4"],
        "when: {Role: fellow}": ["1"],
        "when: {Role: [Fellow, Senior Fellow]}": ["1", "4"],
        "when: {Role: }": ["3"],
        "unless: Left": ["1", "2"],
        "unless: {Role: mentor}": ["1", "3", "4"],
        "unless: [Role, Left]": [],
    }


def test_a_list_may_give_one_record_for_each_item(run: Run) -> None:
    mapping = """
tables:
- records:
  - {kind: people, fields: {key: Id, name: Id}}
  - kind: projects
    each: {columns: [Projects, Sizes], split: "|"}
    when: Projects
    fields: {key: Projects, title: Projects, size: Sizes}
  - kind: hosts
    each: Hosts
    fields: {key: Hosts, name: Hosts}
  - kind: stays
    each: Hosts
    when: Hosts
    fields: {key: {template: "{Id}/{Hosts}"}, person: Id, host: Hosts}
"""
    result = run(mapping, a='Id;Projects;Sizes;Hosts\nZoë;p|q;3|4;["X", "Y"]\nBo;r|s;5;Y\nÅse;;;\n')
    assert values(result, "projects") == {
        "p": {"title": "p", "size": 3},
        "q": {"title": "q", "size": 4},
        "r": {"title": "r", "size": 5},
        "s": {"title": "s"},
    }
    assert values(result, "stays") == {
        "Zoë/X": {"person": "Zoë", "host": "X"},
        "Zoë/Y": {"person": "Zoë", "host": "Y"},
        "Bo/Y": {"person": "Bo", "host": "Y"},
    }
    assert list(values(result, "hosts")) == ["X", "Y"]
    assert faults(result) == [(3, "Projects, Sizes", "r|s / 5", "lists-differ", "note")]


def test_a_blank_cell_can_mean_as_above(run: Run) -> None:
    mapping = """
tables:
- {fill_down: [YEAR], records: [{kind: people, fields: {key: Name, name: Name, year: Year}}]}
"""
    result = run(mapping, a="Year,Name\n2012,Zoë\n,Bo\n\n2013,Åse\n,Mo\n")
    assert {key: found["year"] for key, found in values(result, "people").items()} == {
        "Zoë": 2012,
        "Bo": 2012,
        "Åse": 2013,
        "Mo": 2013,
    }


def test_what_should_be_there_is_noted_where_it_is_blank(run: Run) -> None:
    mapping = """
tables:
- expect: [{column: Host, say: No host, once: Id}, Project]
  columns: [Id]
  records: [{kind: people, fields: {key: Id, name: Id}}]
"""
    result = run(mapping, a="Id,Host,Project\n1,,\n1,,x\n2,y,\n3,,x\n")
    assert [(fault.row, fault.column, fault.sentence) for fault in result.faults] == [
        (2, "Host", "No host"),
        (2, "Project", "“Project” is blank."),
        (4, "Project", "“Project” is blank."),
        (5, "Host", "No host"),
    ]


def test_a_column_that_is_not_there_is_told_once_with_what_may_be_meant(run: Run) -> None:
    mapping = "tables:\n- {columns: [Id], records: [{kind: people, fields: {key: Id, name: Nmae, mail: Post}}]}\n"
    result = run(mapping, a="Id,Name\n1,Zoë\n2,Bo\n")
    assert [fault.sentence for fault in result.faults if fault.code == "column-absent"] == [
        "The mapping names the column “Nmae”, which this table does not have. Did you mean “Name”?",
        "The mapping names the column “Post”, which this table does not have.",
    ]


def test_a_table_may_be_optional_and_tables_without_use_are_named(run: Run) -> None:
    mapping = """
tables:
- {columns: [Id], records: [{kind: people, fields: {key: Id, name: Id}}]}
- {columns: [Nowhere], optional: yes, records: [{kind: hosts, fields: {key: Nowhere, name: Nowhere}}]}
"""
    result = run(mapping, a="Id\n1\n", z="Other,More\n1,2\n")
    assert (list(values(result, "people")), result.unused) == (["1"], ("z.csv",))


def test_several_files_of_one_make_are_read_by_one_part_of_the_mapping(run: Run) -> None:
    mapping = """
tables:
- file: "fellows-*.csv"
  records: [{kind: people, fields: {key: {template: "{$file}/{$row}"}, name: Name, year: {column: $file}}}]
"""
    files = {"fellows-2023": "Name\nZoë\n", "fellows-2022": "Name\nBo\n", "mentors-2022": "Name\nMo\n"}
    result = run(mapping, **files)
    assert values(result, "people") == {
        "fellows-2022/2": {"name": "Bo", "year": 2022},
        "fellows-2023/2": {"name": "Zoë", "year": 2023},
    }
    assert result.unused == ("mentors-2022.csv",)


def test_sheets_of_a_workbook_are_tables(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "People"
    for row in (["Id", "Name", "Host"], [1, "Zoë", "CH"], [2.0, "Bo", None]):
        book.active.append(row)
    hosts = book.create_sheet("Hosts")
    for row in (["Our hosts in 2023"], ["Id", "Name"], ["CH", "City Hall"]):
        hosts.append(row)
    book.save(tmp_path / "all.xlsx")
    mapping = (
        HEAD
        + """
tables:
- {sheet: people, columns: [Id, Name, Host], records: [{kind: people, fields: {key: Id, name: Name, hosts: Host}}]}
- {sheet: Hosts, header: 2, columns: [Id, Name], records: [{kind: hosts, fields: {key: Id, name: Name}}]}
"""
    )
    result = translate(SCHEMA, load_mapping(mapping, SCHEMA), read_tables(tmp_path / "all.xlsx"))
    assert values(result, "people") == {"1": {"name": "Zoë", "hosts": ("CH",)}, "2": {"name": "Bo"}}
    assert [(record.table, record.row) for record in result.records["hosts"]] == [("all.xlsx: Hosts", 3)]


def test_a_mapping_that_does_not_fit_is_refused_with_what_is_missing(run: Run) -> None:
    with pytest.raises(ImportRefused) as caught:
        run(PEOPLE, a="Id,First,Last\n1,2,3\n")
    assert str(caught.value) == "“1”: no file has all its columns; a.csv comes nearest and lacks Skills, Year, Mail."


def test_faults_are_ordered_by_table_and_row(run: Run) -> None:
    mapping = """
tables:
- {name: b, columns: [B], records: [{kind: people, fields: {key: Id, name: B, hosts: Host, year: Year}}]}
- {name: a, columns: [A], records: [{kind: hosts, fields: {key: A, name: A, site: Site}}]}
"""
    result = run(mapping, a="A,Site\nx,??\n", b="Id,B,Host,Year\n1,Zoë,no,old\n2,Bo,no,old\n")
    assert [(fault.table, fault.row, fault.code) for fault in result.faults] == [
        ("b.csv", 2, "no-year"),
        ("b.csv", 2, "reference-absent"),
        ("b.csv", 3, "no-year"),
        ("b.csv", 3, "reference-absent"),
        ("a.csv", 2, "no-url"),
    ]


CELLS = st.text("ab12,;|[]{}\"'. -/\n", max_size=8)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.tuples(*[CELLS] * 8), max_size=12))
def test_any_cells_give_the_same_records_twice_and_every_refusal_is_counted(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("Person", "Host", "Site", "Project", "Status", "Start", "End", "Skills"), *rows])
    mapping = load_mapping(HEAD + FLAT, SCHEMA)
    first, second = (translate(SCHEMA, mapping, read_tables(path)) for _time in range(2))
    assert first == second
    assert sum(first.refused.values()) == sum(fault.severity == "refused" for fault in first.faults)
    for kind in SCHEMA.kinds:
        keys = {record.key for record in first.records[kind.name]}
        assert len(keys) == len(first.records[kind.name])
        for other in SCHEMA.kinds:
            for field in other.fields:
                if field.refers_to == kind.name:
                    used = [record.values.get(field.name, ()) for record in first.records[other.name]]
                    assert {each for value in used for each in (value if isinstance(value, tuple) else (value,))} <= keys


@pytest.mark.slow
def test_the_work_grows_in_proportion_to_the_rows(tmp_path: Path) -> None:
    chance = random.Random(1)

    def calls(count: int) -> int:
        """How many functions are called for so many rows: the same on every machine, busy or not."""
        rows = [
            (f"P{chance.randrange(count)}", f"H{chance.randrange(60)}", "h.org", f"Q{chance.randrange(count)}", "odd", "3.4.23")
            for _number in range(count)
        ]
        text = "\n".join(";".join(row) + ";;a|b" for row in rows)
        (tmp_path / "a.csv").write_text(f"Person;Host;Site;Project;Status;Start;End;Skills\n{text}", encoding="utf-8")
        tables, mapping = read_tables(tmp_path), load_mapping(HEAD + FLAT, SCHEMA)
        profile = cProfile.Profile()
        profile.runcall(translate, SCHEMA, mapping, tables)
        return sum(entry.callcount for entry in profile.getstats())

    few, many = calls(400), calls(1600)
    assert many < 4.4 * few


@pytest.mark.slow
def test_one_record_gathered_from_ten_thousand_rows_takes_no_longer(run: Run, tmp_path: Path) -> None:
    rows = "\n".join(f"1,Zoë,skill {number},host {number}" for number in range(10_000))
    hosts = "\n".join(f"host {number}" for number in range(10_000))
    mapping = """
tables:
- {columns: [Id, Skill], records: [{kind: people, fields: {key: Id, name: Name, skills: Skill, hosts: Host}}]}
- {columns: [Host name], records: [{kind: hosts, fields: {key: Host name, name: Host name}}]}
"""
    started = process_time()
    result = run(mapping, a=f"Id,Name,Skill,Host\n{rows}\n", h=f"Host name\n{hosts}\n")
    assert process_time() - started < 20
    record = result.records["people"][0]
    assert (len(record.values["skills"]), len(record.values["hosts"])) == (10_000, 10_000)  # type: ignore[arg-type]
