"""A programme's lists come in at the desk, by forms alone: real files, 41 spellings of a status, no mapping file."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import User
from core import importing
from core.access import HOUSE
from core.jobs import run_jobs
from core.models import Event, ExternalId, Import, ImportMapping
from fellowships.models import Fellow, Project
from partnerships import actions as partnerships
from partnerships.models import Organisation
from tests.desk_import import address, control, figures, file, filled, option, upload
from tests.reading import page, soup, words

pytestmark = pytest.mark.slow

LANDED = ["project.imported", "organisation.imported"]


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def go(client, answer, **chosen: str) -> str:
    """From the upload to the check by what is chosen already: the address of the import."""
    assert answer.status_code == 302, answer.content.decode()
    record = address(answer)
    for step in ("columns", "values"):
        sent = filled(client.get(f"{record}{step}/")) | (chosen if step == "columns" else {"check": "yes"})
        assert client.post(f"{record}{step}/", sent).status_code == 302
    run_jobs()
    return record


def decide(client, record: str) -> None:
    assert client.post(f"{record}apply/", filled(client.get(f"{record}apply/"))).status_code == 302
    run_jobs()


def meant(answer, sent: dict[str, str]) -> dict[str, str]:
    """{each spelling that the page shows: what was chosen for it}; "" is the cell that is blank."""
    found = {}
    for label in soup(answer).select("main form label"):
        for word in words(label).split(" · "):
            found["" if word == "(blank)" else word] = sent[str(label["for"]).removeprefix("id_")]
    return found


def taken_over() -> dict[str, tuple[str, str]]:
    """{the key in the file: (status, status as written)} of the projects that came from one."""
    kept = {project.ref: (project.status, project.status_as_written) for project in Project.objects.all()}
    return {row.key: kept[row.target] for row in ExternalId.objects.filter(target__in=kept)}


def test_246_real_projects_and_their_labs_come_in_by_the_forms_alone_and_the_second_time_add_nothing(cora, cast, real_data):
    files = (real_data / "civic-projects-codefor-de.csv", real_data / "labs-codefor-de.csv")
    place = f"projects/{cast.programme.ref}"
    before = Organisation.objects.count()
    record = address(upload(cora, place, *files))
    columns = cora.get(f"{record}columns/")
    assert "suggested from the names of the columns" in page(columns)
    assert cora.post(f"{record}columns/", filled(columns)).status_code == 302

    values = cora.get(f"{record}values/")
    assert "41 spellings" in page(values)
    sent = filled(values)
    undecided = [name for name, value in sent.items() if name.startswith("v") and not value]
    assert 0 < len(undecided) < 15
    sent |= dict.fromkeys(undecided, "unknown") | {control(values, "(blank)"): "unknown", "check": "yes"}
    assert cora.post(f"{record}values/", sent).status_code == 302
    waiting = cora.get(record)
    assert (waiting["Refresh"], "It waits for its turn" in page(waiting)) == ("3", True)
    assert run_jobs() == 1

    checked = cora.get(record)
    assert figures(checked) == {"Organisations": [38, 0, 0, 0], "Projects": [246, 0, 0, 0]}
    assert (Project.objects.count(), Organisation.objects.count()) == (1, before)
    decide(cora, record)
    assert "It is imported" in page(cora.get(record))
    assert (Project.objects.exclude(pk=cast.project.pk).count(), Organisation.objects.count()) == (246, before + 38)
    found = Project.objects.get(title="Access Map")
    assert (found.organisation.name, found.status, found.status_as_written) == ("OK Lab Berlin", "unknown", "")
    one = Project.objects.get(status_as_written="Laufend, sucht Mitstreiter:innen")
    assert one.status == "running"
    with open(files[0], encoding="utf-8-sig", newline="") as opened:
        written = {row["slug"]: row["status_raw"] for row in csv.DictReader(opened)}
    assert len(written) == 246
    said = meant(values, sent)
    assert said.keys() == set(written.values()) and len(said) == 41
    assert [said[word] for word in ("Fertig", "Sucht Mitmacher", "Dead", "laufend", "")] == [
        "finished", "unknown", "stopped", "running", "unknown",
    ]  # fmt: skip
    assert taken_over() == {slug: (said[word], word) for slug, word in written.items()}

    lines = Event.objects.filter(verb__in=LANDED).count()
    again = upload(cora, place, *files)
    assert "These columns were imported before" in page(cora.get(again["Location"]))
    record = go(cora, again)
    assert figures(cora.get(record)) == {"Organisations": [0, 0, 38, 0], "Projects": [0, 0, 246, 0]}
    decide(cora, record)
    assert Import.objects.get(ref=record.split("/")[3]).state == "applied"
    assert Event.objects.filter(verb__in=LANDED).count() == lines
    assert ImportMapping.objects.get().belongs == cast.programme.ref


def test_the_mapping_made_at_the_desk_is_a_file_that_the_command_takes(cora, cast, real_data, tmp_path):
    files = [real_data / "civic-projects-codefor-de.csv", real_data / "labs-codefor-de.csv"]
    record = go(cora, upload(cora, f"projects/{cast.programme.ref}", *files))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_bytes(cora.get(f"{record}mapping.yaml").content)
    decide(cora, record)
    for each in files:
        (tmp_path / each.name).write_bytes(each.read_bytes())
    out = StringIO()
    options = ["--programme", cast.programme.name, "--mapping", str(mapping), "--dry-run"]
    call_command("import_projects", str(tmp_path), *options, stdout=out, stderr=StringIO())
    assert out.getvalue().splitlines() == [
        "organisations: 0 added, 0 changed, 38 unchanged, 0 refused",
        "projects: 0 added, 0 changed, 246 unchanged, 0 refused",
    ]


LIST = "slug,title,lab\na,Tide tables,Harbour Board\nb,Quay map,Unheard Of\n"


@pytest.mark.parametrize(
    ("decision", "added", "whose"),
    [("blank", [0, 0, 0, 0], None), ("create", [1, 0, 0, 0], "Unheard Of"), ("refuse", [0, 0, 0, 0], "refused")],
)
def test_whose_is_not_in_the_register_is_left_blank_created_or_refused_by_decision(cora, cast, decision, added, whose):
    harbour = partnerships.add_organisation(name="Harbour Board", by=HOUSE)
    answer = upload(cora, f"projects/{cast.programme.ref}", file("list.csv", LIST))
    name = control(cora.get(answer["Location"]), "organisation")
    record = go(cora, answer, **{f"{name}-a": decision})
    assert figures(cora.get(record))["Organisations"] == added
    decide(cora, record)
    assert Project.objects.get(title="Tide tables").organisation == harbour
    found = Project.objects.filter(title="Quay map").first()
    if whose == "refused":
        assert found is None
    else:
        assert (found.organisation and found.organisation.name) == whose


def test_a_cohort_comes_in_from_one_table_with_a_key_made_of_what_it_joins(cora, cast):
    rows = "fellow,cohort,agency\nAda Okoro,2023,Harbour Board\nJonas Weiß,2023,Harbour Board\n"
    answer = upload(cora, f"cohort/{cast.programme.ref}", file("stays.csv", rows))
    columns = cora.get(answer["Location"])
    wanted = [("key", "cycles"), ("name", "cycles"), ("cycle", "fellows")]
    names = [control(columns, field, f"{kind} in stays.csv") for field, kind in wanted]
    joined = control(columns, "key", "placements in stays.csv")
    assert filled(columns)[joined] == option(columns, joined, "Made of: fellow + organisation")
    record = go(cora, answer, **{name: option(columns, name, "cohort (2023)") for name in names})
    assert {kind: line[0] for kind, line in figures(cora.get(record)).items()} == {
        "Cycles": 1, "Organisations": 1, "Projects": 0, "Fellows": 2, "Placements": 2,
    }  # fmt: skip
    decide(cora, record)
    assert sorted(Fellow.objects.filter(cycle__name="2023").values_list("person__name", flat=True)) == ["Ada Okoro", "Jonas Weiß"]


def test_what_the_forms_cannot_say_stays_as_the_mapping_file_says_it(cora, cast, real_data):
    """Twelve real cohorts by the mapping that is shipped: saved by the forms, it still gives what the command gives."""
    files = sorted((real_data / "cohorts-pif").glob("*.csv"))
    answer = upload(cora, f"cohort/{cast.programme.ref}", *files)
    columns = cora.get(answer["Location"])
    assert "comes with Common Ground" in page(columns)
    assert "Set by the mapping file, and kept: expect, when" in page(columns)
    record = go(cora, answer)
    assert figures(cora.get(record)) == {
        "Cycles": [12, 0, 0, 0],
        "Organisations": [53, 0, 0, 0],
        "Projects": [48, 0, 0, 0],
        "Fellows": [270, 0, 0, 0],
        "Placements": [162, 0, 0, 3],
    }


def test_another_programmes_coordinator_finds_nothing_and_one_of_the_same_goes_on(client, cora, cast):
    record = go(cora, upload(cora, f"projects/{cast.programme.ref}", file("list.csv", LIST)))
    partnerships.open_programme(name="Other", coordinator=cast.otto.person, by=HOUSE)
    client.force_login(cast.otto)
    for step in ("", "files/", "columns/", "values/", "faults/", "apply/", "discard/", "mapping.yaml"):
        assert client.get(record + step).status_code == 404, step
    assert "list.csv" not in page(client.get("/desk/imports/"))
    assert upload(client, f"projects/{cast.programme.ref}", file("x.csv", LIST)).status_code == 422
    partnerships.give_programme_role(programme=cast.programme, person=cast.amir.person, role="coordinator", by=HOUSE)
    client.force_login(cast.amir)
    decide(client, record)
    imported = Import.objects.get()
    assert (imported.state, imported.applied_by, imported.owner) == ("applied", cast.amir.ref, cast.cora.ref)


def end_role(cast) -> None:
    from partnerships.models import ProgrammeRole

    partnerships.end_programme_role(role=ProgrammeRole.objects.get(person=cast.cora.person), by=HOUSE)


def test_a_role_that_ends_in_the_middle_ends_the_import(cora, cast):
    record = go(cora, upload(cora, f"projects/{cast.programme.ref}", file("list.csv", LIST)))
    assert cora.post(f"{record}apply/", filled(cora.get(f"{record}apply/"))).status_code == 302
    end_role(cast)
    run_jobs()
    assert cora.get(record).status_code == 404
    imported = Import.objects.get()
    assert (imported.state, imported.problem) == ("mapped", "Who asked for it may no longer import to this place.")
    assert not Project.objects.filter(title="Tide tables").exists()


def test_who_can_no_longer_sign_in_imports_nothing(cora, cast):
    record = go(cora, upload(cora, f"projects/{cast.programme.ref}", file("list.csv", LIST)))
    cora.post(f"{record}apply/", filled(cora.get(f"{record}apply/")))
    User.objects.filter(pk=cast.cora.pk).update(is_active=False)
    run_jobs()
    assert (Import.objects.get().state, Project.objects.filter(title="Tide tables").count()) == ("mapped", 0)


def test_the_choice_of_a_column_is_by_what_stands_in_it(cora, cast):
    """The name of a column and its first values are in the option, so that two dates are not taken for each other."""
    answer = upload(cora, f"projects/{cast.programme.ref}", file("list.csv", LIST))
    columns = cora.get(answer["Location"])
    assert option(columns, control(columns, "title"), "title (Tide tables, Quay map)") == "c1"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_that_comes_again_asks_as_often_for_one_row_as_for_three(cora, cast, rows, django_assert_num_queries):
    lines = "".join(f"p{n},Project {n},Harbour Board\n" for n in range(rows))
    partnerships.add_organisation(name="Harbour Board", by=HOUSE)
    for _ in range(2):
        record = go(cora, upload(cora, f"projects/{cast.programme.ref}", file("list.csv", f"slug,title,lab\n{lines}")))
        decide(cora, record)
    imported = Import.objects.latest("pk")
    with importing.unpacked(imported) as tables:
        mapping = importing.load_mapping(imported.mapping, imported.kind.schema)
        known = imported.kind.known(mapping.source, imported.space)
        result = importing.translate(imported.kind.schema, mapping, tables, known)
    with django_assert_num_queries(13):
        imported.kind.land(result=result, source=mapping.source, space=imported.space, by=cast.cora, dry_run=False)
    assert Project.objects.filter(organisation__name="Harbour Board").count() == rows
