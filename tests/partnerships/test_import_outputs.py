"""Importing the outputs of a hackathon: 21 projects with three winners, once."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core import public
from core.models import Event
from partnerships import actions
from partnerships.imports import OUTPUTS
from partnerships.models import Organisation, Output
from tests.partnerships.events import closed, gathering

MAPPING = """\
schema: common-ground/import-mapping/1
id: devpost
title: A list of projects
source: devpost
for: outputs
tables:
  - name: projects
    columns: [Project, Won, Challenge owner, Contact]
    records:
      - kind: outputs
        fields:
          key: Project
          title: Project
          prize: Won
          team_size: Team
          users: Residents
          agency: Challenge owner
          owner: Contact
          link: Url
"""


@pytest.fixture
def files(tmp_path) -> tuple[Path, Path]:
    """21 rows, three with a prize; Stella's address on the first, a stranger's on the second, too many users on the third."""
    rows = [
        f"Project {n},{'yes' if n in (3, 7, 12) else 'no'},{4 if n < 3 else 2},{3 if n == 3 else 1},Agency,"
        f"{ {1: 'stella@example.org', 2: 'otto@example.org'}.get(n, '') },https://p{n}.example"
        for n in range(1, 22)
    ]
    table, mapping = tmp_path / "projects.csv", tmp_path / "projects.yaml"
    table.write_text("\n".join(["Project,Won,Team,Residents,Challenge owner,Contact,Url", *rows]))
    mapping.write_text(MAPPING)
    return table, mapping


def run(table: Path, event, *options: str) -> list[str]:
    out = StringIO()
    call_command("import_outputs", str(table), "--hackathon", event.ref, *options, stdout=out, stderr=StringIO())
    return out.getvalue().strip().splitlines()


def test_public_pages_follow_what_a_list_says_of_organisations(cast, files):
    table, mapping = files
    event, before = gathering(cast, "By hand", title="Open Water"), public.generation()
    run(table, event, "--mapping", str(mapping))
    assert public.generation() > before


def test_21_projects_with_three_winners_come_in_once(cast, files):
    table, mapping = files
    event = gathering(cast, "By hand", title="Open Water")
    event.output_set.all().delete()
    added = "outputs: 21 added, 0 changed, 0 unchanged, 0 refused"
    organisations = Organisation.objects.count()
    assert added in run(table, event, "--mapping", str(mapping), "--dry-run")
    assert Output.objects.count() == 0
    assert added in run(table, event, "--mapping", str(mapping))
    lines = Event.objects.count()
    assert "outputs: 0 added, 0 changed, 21 unchanged, 0 refused" in run(table, event)
    assert (Output.objects.count(), Event.objects.count(), Organisation.objects.count()) == (21, lines, organisations)
    assert list(event.output_set.order_by("number").values_list("number", flat=True)) == list(range(1, 22))
    assert list(event.output_set.filter(prize=True).order_by("number").values_list("title", flat=True)) == [
        "Project 3", "Project 7", "Project 12",
    ]  # fmt: skip
    first, second, third = event.output_set.order_by("number")[:3]
    assert (first.agency, first.owner) == (cast.agency, cast.stella.person)
    assert (second.agency, second.owner, second.users) == (cast.agency, None, 1)
    assert (third.team_size, third.users) == (2, None)
    assert event.output_set.incomplete().count() == 20


def test_what_was_named_here_stays_and_an_output_of_the_same_title_is_the_same(cast, files):
    table, mapping = files
    event = gathering(cast, "Project 2", title="Open Water")
    mine = event.output_set.get()
    actions.name_owner(output=mine, agency=cast.elsewhere, owner=cast.otto.person, by=cast.cora)
    assert "outputs: 20 added, 1 changed, 0 unchanged, 0 refused" in run(table, event, "--mapping", str(mapping))
    mine.refresh_from_db()
    assert (mine.agency, mine.owner, mine.team_size, mine.number) == (cast.elsewhere, cast.otto.person, 4, 1)


def test_what_was_taken_out_comes_back_with_the_next_import(cast, files):
    table, mapping = files
    event = gathering(cast, "x", title="Open Water")
    run(table, event, "--mapping", str(mapping))
    actions.remove_output(output=event.output_set.get(title="Project 5"), by=cast.cora)
    assert "outputs: 1 added, 0 changed, 20 unchanged, 0 refused" in run(table, event)


def test_a_closed_one_and_one_that_is_not_there_take_nothing(cast, files):
    table, mapping = files
    event = closed(cast, "Leak card")
    with pytest.raises(CommandError, match="The hackathon is closed"):
        run(table, event, "--mapping", str(mapping))
    event.ref = "NOWHERE"
    with pytest.raises(CommandError, match="There is no hackathon “NOWHERE”"):
        run(table, event, "--mapping", str(mapping))
    assert Output.objects.count() == 1


def test_at_the_desk_it_is_offered_to_who_runs_an_open_hackathon(client, cast):
    event = gathering(cast, "x", title="Open Water")
    closed(cast, "y", title="Long ago")

    def offered(user) -> list[str]:
        return [space.key for space in OUTPUTS.spaces(user)]

    assert offered(cast.cora) == [event.ref]
    assert [offered(user) for user in (cast.audrey, cast.stella, cast.otto)] == [[], [], []]
