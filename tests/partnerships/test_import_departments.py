"""A list says what each organisation is part of: by key or name, in any order of rows, and never in a circle."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from core.access import HOUSE
from core.imports import ImportRefused, Record, Tally
from core.models import Event
from partnerships import actions
from partnerships.models import Organisation

MAPPING = """\
schema: common-ground/import-mapping/1
id: offices
title: Offices
for: organisations
tables:
  - name: offices
    columns: [code, body, above]
    records:
      - kind: organisations
        fields: {key: code, name: body, parent: above}
"""


@pytest.fixture
def run(db, tmp_path):
    mapping = tmp_path / "offices.yaml"
    mapping.write_text(MAPPING)

    def go(*rows: str) -> tuple[str, list[str]]:
        """(the summary, what was noted)."""
        file, faults, out = tmp_path / "offices.csv", tmp_path / "faults.csv", StringIO()
        file.write_text("code,body,above\n" + "\n".join(rows) + "\n")
        options = ["--mapping", str(mapping), "--faults", str(faults)]
        call_command("import_organisations", str(file), *options, stdout=out, stderr=StringIO())
        told = csv.DictReader(faults.read_text(encoding="utf-8-sig").splitlines()) if faults.exists() else []
        return out.getvalue().strip(), [row["what"] for row in told]

    return go


def paths() -> dict[str, str]:
    return {each.name: each.path() for each in Organisation.objects.all()}


def test_departments_come_in_before_their_agency_and_a_second_time_nothing_changes(run):
    rows = "d,Desk,o", "o,Office,m", "m,Ministry,"
    assert run(*rows) == ("organisations: 3 added, 0 changed, 0 unchanged, 0 refused", [])
    assert paths() == {"Desk": "Ministry › Office", "Office": "Ministry", "Ministry": ""}
    lines = Event.objects.count()
    assert run(*rows) == ("organisations: 0 added, 0 changed, 3 unchanged, 0 refused", [])
    assert Event.objects.count() == lines


def test_a_row_names_an_entry_of_the_register_and_a_blank_cell_changes_nothing(run):
    ministry = actions.add_organisation(name="Ministry", by=HOUSE)
    run("o,Office,Ministry")
    assert paths()["Office"] == "Ministry" and Organisation.objects.count() == 2
    event = Event.objects.get(verb="organisation.placed")
    assert event.data == {"parent": "Ministry", "source": "offices", "changes": {"parent": ["", "Ministry"]}}
    assert run("o,Office,")[0] == "organisations: 0 added, 0 changed, 1 unchanged, 0 refused"
    assert Organisation.objects.get(name="Office").parent == ministry


def test_an_office_that_moves_is_counted_as_changed_and_a_tree_may_be_turned_over(run):
    run("a,A,b", "b,B,", "c,C,")
    assert run("a,A,c", "b,B,a", "c,C,")[0] == "organisations: 0 added, 2 changed, 1 unchanged, 0 refused"
    assert paths() == {"A": "C", "B": "C › A", "C": ""}


def test_a_circle_is_noted_with_its_row_and_the_rest_comes_in(run):
    summary, told = run("a,A,b", "b,B,c", "c,C,a", "d,D,a")
    assert summary == "organisations: 4 added, 0 changed, 0 unchanged, 0 refused"
    assert told == ["“a” would be below itself: a < b < c < a. It is imported without this."]
    assert paths() == {"A": "", "B": "A › C", "C": "A", "D": "A"}
    assert run("e,E,e")[1] == ["“e” would be below itself: e < e. It is imported without this."]


def test_a_seventh_level_is_noted_also_where_the_register_has_the_others(run):
    names = "abcdef"
    run(*(f"{here},{here.upper()},{above}" for here, above in zip(names, " " + names[:-1], strict=True)))
    assert paths()["F"] == "A › B › C › D › E"
    summary, told = run("g,G,f")
    assert summary == "organisations: 1 added, 0 changed, 0 unchanged, 0 refused"
    assert told == ["“g” would stand below too many others: at most 6 levels. It is imported without this."]
    assert run("a,A,h", "h,H,")[1] == ["“a” would stand below too many others: at most 6 levels. It is imported without this."]
    assert paths()["A"] == ""


def test_what_only_the_names_give_away_is_refused_as_a_whole(run):
    """The register has B under A; a list of another source calls A by another key and puts it under B."""
    run("a,A,", "b,B,a")
    with pytest.raises(ImportRefused, match="would be part of itself"):
        actions.import_organisations(
            source="other", records=[_record("x", "A", "y"), _record("y", "B", "")], tally=_tally(), by=HOUSE
        )
    assert paths() == {"A": "", "B": "A"}


def _record(key: str, name: str, parent: str):
    values = {"key": key, "name": name} | ({"parent": parent} if parent else {})
    return Record("organisations", key, values, "x.csv", 2)


def _tally():
    return Tally("organisations")


def test_a_thousand_departments_come_in_with_few_queries(run, django_assert_max_num_queries):
    rows = [f"{n},Office {n},{n // 10 if n else ''}" for n in range(1000)]
    with django_assert_max_num_queries(80):
        summary, told = run(*rows)
    assert (summary, told) == ("organisations: 1000 added, 0 changed, 0 unchanged, 0 refused", [])
