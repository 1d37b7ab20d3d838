"""Importing organisations into the register."""

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.access import HOUSE
from core.models import Event, ImportMapping
from partnerships import actions
from partnerships.models import Organisation


def run(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_organisations", str(file), *options, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


@pytest.fixture
def brigades(real_data) -> Path:
    return real_data / "organizations-brigade.csv"


def test_the_real_directory_comes_in_once(db, brigades):
    assert run(brigades, "--dry-run") == "organisations: 221 added, 0 changed, 0 unchanged, 0 refused"
    assert Organisation.objects.count() == 0
    assert run(brigades) == "organisations: 221 added, 0 changed, 0 unchanged, 0 refused"
    lines = Event.objects.count()
    assert run(brigades) == "organisations: 0 added, 0 changed, 221 unchanged, 0 refused"
    assert (Organisation.objects.count(), Event.objects.count()) == (221, lines)


def test_the_blank_types_of_the_real_directory_are_told_and_stay_unknown(db, brigades, tmp_path):
    faults = tmp_path / "faults.csv"
    run(brigades, "--faults", str(faults))
    told = Counter(row["what"] for row in csv.DictReader(faults.open(newline="")))
    assert told["No type"] == 45
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert (kinds["agency"], kinds["community_group"]) == (8, 156)


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "bodies.csv"
    path.write_text("Body\tSort\tWeb\nElm Town\tcity\thttps://elm.example\nOak Trust\tcharity\t\n", encoding="utf-16")
    return path


@pytest.fixture
def mapping(tmp_path) -> Path:
    path = tmp_path / "bodies.yaml"
    path.write_text(
        """\
schema: common-ground/import-mapping/1
id: bodies
title: A list of bodies
source: bodies
for: organisations
tables:
  - name: bodies
    columns: [Body, Sort]
    records:
      - kind: organisations
        fields:
          key: Body
          name: Body
          website: Web
          kind: {column: Sort, values: {city: agency, charity: ngo}}
"""
    )
    return path


def test_a_mapping_that_was_used_is_found_by_the_columns(db, file, mapping):
    with pytest.raises(CommandError, match="Body"):
        run(file)
    assert run(file, "--mapping", str(mapping)) == "organisations: 2 added, 0 changed, 0 unchanged, 0 refused"
    assert run(file) == "organisations: 0 added, 0 changed, 2 unchanged, 0 refused"
    assert ImportMapping.objects.get().text == mapping.read_text()


def test_a_tried_mapping_is_not_remembered(db, file, mapping):
    run(file, "--mapping", str(mapping), "--dry-run")
    assert (ImportMapping.objects.count(), Organisation.objects.count()) == (0, 0)


def test_an_organisation_of_the_same_name_is_the_same_and_keeps_what_was_typed_here(db, file, mapping):
    mine = actions.add_organisation(name="elm town", address="1 Square", by=HOUSE)
    assert run(file, "--mapping", str(mapping)) == "organisations: 1 added, 1 changed, 0 unchanged, 0 refused"
    mine.refresh_from_db()
    assert (mine.kind, mine.website, mine.address) == ("agency", "https://elm.example", "1 Square")


def test_more_than_ten_thousand_rows_are_refused_with_the_figure(db, tmp_path, mapping):
    path = tmp_path / "many.csv"
    path.write_text("Body,Sort,Web\n" + "".join(f"B{n},city,\n" for n in range(10_001)))
    with pytest.raises(CommandError, match="10,001"):
        run(path, "--mapping", str(mapping))
    assert Organisation.objects.count() == 0


def test_a_mapping_with_a_mistake_says_where(db, file, mapping):
    mapping.write_text(mapping.read_text().replace("website:", "websight:"))
    with pytest.raises(CommandError, match="websight"):
        run(file, "--mapping", str(mapping))
