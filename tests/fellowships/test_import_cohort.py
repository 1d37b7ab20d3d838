"""Importing a cohort: what the files say lands once, faults are told by row, and nothing is lost by doing it again."""

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core import audit
from core.access import HOUSE
from core.models import Event, ImportMapping
from fellowships import actions
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from partnerships.models import Organisation, Programme

PROGRAMME = "Presidential Innovation Fellows"


@pytest.fixture
def real(real_data) -> Path:
    return real_data / "cohorts-pif"


def run(folder: Path, *options: str, programme: str = PROGRAMME) -> list[str]:
    out = StringIO()
    call_command("import_cohort", str(folder), "--programme", programme, *options, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def counts(fresh: bool, added: dict[str, int], refused: int) -> list[str]:
    lines = []
    for kind, count in added.items():
        numbers = (count, 0) if fresh else (0, count)
        no = refused if kind == "placements" else 0
        lines.append(f"{kind}: {numbers[0]} added, 0 changed, {numbers[1]} unchanged, {no} refused")
    return lines


REAL = {"cycles": 12, "organisations": 53, "projects": 48, "fellows": 270, "placements": 162}


def test_twelve_real_cohorts_come_in_once_and_a_second_time_change_nothing(db, real):
    assert run(real) == counts(True, REAL, refused=3)
    lines = Event.objects.count()
    assert run(real) == counts(False, REAL, refused=3)
    assert Event.objects.count() == lines
    assert audit.verify() is None


def test_the_faults_of_the_real_files_are_told_by_row(db, real, tmp_path):
    faults = tmp_path / "faults.csv"
    run(real, "--faults", str(faults))
    rows = list(csv.DictReader(faults.open(newline="")))
    told = Counter(row["what"] for row in rows)
    assert (told["No agency"], told["No project"], told["No status."]) == (112, 201, 2)
    unknown = [row for row in rows if row["table"] == "placements.csv" and row["severity"] == "refused"]
    assert sorted(row["value"] for row in unknown) == ["EPA", "MMC", "ONC"]
    assert next((row["table"], row["row"], row["column"]) for row in rows if row["what"] == "No agency") == (
        "placements.csv",
        "2",
        "agency",
    )


def test_the_gaps_of_the_real_cohorts_show_as_gaps(db, real):
    run(real)
    without_agency = {row["cycle"]: int(row["fellows_without_agency"]) for row in csv.DictReader((real / "cycles.csv").open())}
    people = {row["cycle"]: int(row["fellows"]) for row in csv.DictReader((real / "cycles.csv").open())}
    found = {cycle.name: Fellow.objects.filter(cycle=cycle).counts() for cycle in Cycle.objects.all()}
    assert {name: c.people for name, c in found.items()} == people
    # Three fellows have only an agency that the file does not know: they are unplaced as well, and told.
    unknown = Counter(c.unplaced - without_agency[name] for name, c in found.items() if c.unplaced != without_agency[name])
    assert unknown == Counter({1: 2})
    assert sum(c.placed for c in found.values()) == 270 - 112 - 2


def test_a_dry_run_counts_and_writes_nothing(db, real):
    assert run(real, "--dry-run") == counts(True, REAL, refused=3)
    assert [model.objects.count() for model in (Programme, Cycle, Organisation, Fellow, Placement, Host, Project)] == [0] * 7
    assert Event.objects.count() == 0


FLAT = """\
Participant;Cohort;Host body;Assignment;From;To;Skills
Ann Ash;Spring 2026;Town of Elm;Queue map;02.03.2026;30.10.2026;"[""maps"", ""data""]"
Bo Birch;Spring 2026;;;;;design
Cy Cedar;Spring 2026;Port Office;Berth list;02.03.2026;30.10.2026;
"""
MAPPING = """\
schema: common-ground/import-mapping/1
id: elm-fellows
title: Fellows of Elm
source: elm
for: cohort
tables:
  - name: people
    columns: [Participant, Cohort, Host body]
    expect: {Host body: No host}
    records:
      - {kind: cycles, fields: {key: Cohort, name: Cohort}}
      - {kind: organisations, when: Host body, fields: {key: Host body, name: Host body}}
      - {kind: projects, when: Assignment, fields: {key: Assignment, title: Assignment, organisation: Host body}}
      - {kind: fellows, fields: {key: Participant, name: Participant, cycle: Cohort, skills: Skills}}
      - kind: placements
        when: Host body
        fields:
          key: {template: "{Participant}/{Host body}"}
          fellow: Participant
          organisation: Host body
          project: Assignment
          starts: From
          ends: To
"""


@pytest.fixture
def flat(tmp_path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "fellows.csv").write_text(FLAT, encoding="cp1252")
    return folder


@pytest.fixture
def mapping(tmp_path) -> Path:
    path = tmp_path / "elm.yaml"
    path.write_text(MAPPING)
    return path


def test_one_flat_file_with_its_own_mapping_gives_every_kind(db, flat, mapping):
    lines = run(flat, "--mapping", str(mapping), programme="Elm")
    assert [line.split(",")[0] for line in lines] == [
        "cycles: 1 added",
        "organisations: 2 added",
        "projects: 2 added",
        "fellows: 3 added",
        "placements: 2 added",
    ]
    placement = Placement.objects.get(fellow__person__name="Ann Ash")
    assert (str(placement.starts), str(placement.ends), placement.state) == ("2026-03-02", "2026-10-30", "recorded")
    assert placement.fellow.skills == ["maps", "data"]


def test_files_that_no_mapping_fits_are_refused_with_their_columns_until_a_mapping_was_used_once(db, flat, mapping):
    with pytest.raises(CommandError) as refused:
        run(flat, programme="Elm")
    assert [name for name in ("Participant", "Host body", "Assignment") if name not in str(refused.value)] == []
    assert Programme.objects.count() == 0
    run(flat, "--mapping", str(mapping), programme="Elm")
    assert [row.slug for row in ImportMapping.objects.all()] == ["elm-fellows"]
    assert run(flat, programme="Elm")[3] == "fellows: 0 added, 0 changed, 3 unchanged, 0 refused"


def test_the_same_sign_in_another_programme_is_somebody_else(db, flat, mapping):
    run(flat, "--mapping", str(mapping), programme="Elm")
    run(flat, programme="Oak")
    assert (Fellow.objects.count(), Cycle.objects.count(), Organisation.objects.count()) == (6, 2, 2)


def test_a_changed_cell_is_a_change_and_a_new_row_is_added(db, flat, mapping):
    run(flat, "--mapping", str(mapping), programme="Elm")
    text = FLAT.replace(";design", ";design, law") + "Di Dogwood;Spring 2026;Port Office;Berth list;;;\n"
    (flat / "fellows.csv").write_text(text, encoding="utf-16")
    assert run(flat, programme="Elm")[3:] == [
        "fellows: 1 added, 1 changed, 2 unchanged, 0 refused",
        "placements: 1 added, 0 changed, 2 unchanged, 0 refused",
    ]


def test_what_was_ended_here_since_is_not_taken_back(db, flat, mapping):
    run(flat, "--mapping", str(mapping), programme="Elm")
    fellow = Fellow.objects.get(person__name="Ann Ash")
    actions.withdraw_fellow(fellow=fellow, left_on=Placement.objects.first().starts, reason="Moved away", by=HOUSE)
    assert run(flat, programme="Elm")[4] == "placements: 0 added, 0 changed, 2 unchanged, 0 refused"
    assert Placement.objects.get(fellow=fellow).state == "withdrawn"
    assert Fellow.objects.get(pk=fellow.pk).state == "withdrawn"


@pytest.mark.parametrize("wrong", ["nowhere", "empty"])
def test_a_folder_that_is_not_there_or_holds_nothing_gets_a_sentence(db, tmp_path, wrong):
    folder = tmp_path / wrong
    if wrong == "empty":
        folder.mkdir()
    with pytest.raises(CommandError) as refused:
        run(folder)
    assert folder.name in str(refused.value)
    assert Programme.objects.count() == 0


@pytest.mark.postgres
def test_a_row_that_cannot_be_is_refused_with_its_reason_and_the_others_come_in(db, flat, mapping, tmp_path):
    text = FLAT.replace("Port Office;Berth list;02.03.2026;30.10.2026", "Port Office;Berth list;30.10.2026;02.03.2026")
    (flat / "fellows.csv").write_text(text)
    faults = tmp_path / "faults.csv"
    lines = run(flat, "--mapping", str(mapping), "--faults", str(faults), programme="Elm")
    assert lines[4] == "placements: 1 added, 0 changed, 0 unchanged, 1 refused"
    refused = [row for row in csv.DictReader(faults.open(newline="")) if row["severity"] == "refused"]
    assert [(row["row"], row["what"]) for row in refused] == [("4", "ends (2026-03-02) lies before starts (2026-10-30).")]


@pytest.mark.postgres
def test_an_import_that_fails_in_the_middle_leaves_nothing(db, flat, mapping):
    run(flat, "--mapping", str(mapping), programme="Elm")
    before = [model.objects.count() for model in (Programme, Cycle, Fellow, Event)]
    cycle = Cycle.objects.get()
    actions.edit_cycle(cycle=cycle, facts={"name": "Spring"}, by=HOUSE)
    actions.open_cycle(programme=cycle.programme, name="Spring 2026", by=HOUSE)
    (flat / "fellows.csv").write_text(FLAT + "Di Dogwood;Autumn 2026;Port Office;Berth list;;;\n")
    with pytest.raises(CommandError, match="nothing was written"):  # the old cycle would be named like the new one
        run(flat, programme="Elm")
    assert [model.objects.count() for model in (Programme, Cycle, Fellow)] == [before[0], before[1] + 1, before[2]]
