"""A programme's projects come in at the desk, by forms alone: real files, 41 spellings of a status, no mapping file."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.jobs import run_jobs
from core.models import Event, Import, ImportMapping
from fellowships.models import Project
from partnerships.models import Organisation
from tests.reading import page, problems, soup, words

NEW = "/desk/imports/new/"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def upload(client, place: str, *files: Path | SimpleUploadedFile):
    sent = [file if isinstance(file, SimpleUploadedFile) else SimpleUploadedFile(file.name, file.read_bytes()) for file in files]
    return client.post(NEW, {"place": place, "tables": sent})


def filled(answer) -> dict[str, str]:
    """What a form that was shown would send: everything that is chosen already."""
    found = {}
    for form in soup(answer).select("main form[method=post]")[:1]:
        for field in form.select("[name]"):
            if field.name == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                found[field["name"]] = chosen["value"]
            elif field.get("type") not in ("file", "submit") and field.name != "button":
                found[field["name"]] = field.get("value", "")
    return found


def select_of(answer, label: str) -> str:
    """The name of the control that this label is for."""
    found = [each for each in soup(answer).select("main label") if words(each).removesuffix(" (needed)") == label]
    assert found, label
    return found[0]["for"].removeprefix("id_")


def option(answer, name: str, text: str) -> str:
    """The value of the option of a select that begins with this text."""
    for each in soup(answer).select(f"select[name={name}] option"):
        if words(each).startswith(text):
            return str(each["value"])
    raise AssertionError(text)


def tallies(answer) -> dict[str, list[int]]:
    rows = soup(answer).select("#figures")[0].find_parent("section").select("tbody tr")
    return {words(row.th): [int(words(cell)) for cell in row.find_all("td")] for row in rows}


def test_246_real_projects_and_their_labs_come_in_by_the_forms_alone_and_the_second_time_add_nothing(cora, cast, real_data):
    files = (real_data / "civic-projects-codefor-de.csv", real_data / "labs-codefor-de.csv")
    place = f"projects/{cast.programme.ref}"
    before = Organisation.objects.count()
    answer = upload(cora, place, *files)
    assert answer.status_code == 302
    columns = cora.get(answer["Location"])
    assert "Suggested" in page(columns)
    sent = filled(columns)
    answer = cora.post(columns.request["PATH_INFO"], sent)
    assert (answer.status_code, problems(answer) if answer.status_code != 302 else []) == (302, [])
    values = cora.get(answer["Location"])
    assert "41 spellings" in page(values)
    sent = filled(values)
    undecided = [name for name, value in sent.items() if name.startswith("v") and not value]
    assert 0 < len(undecided) < 15
    sent |= dict.fromkeys(undecided, "unknown")
    sent["check"] = "yes"
    answer = cora.post(values.request["PATH_INFO"], sent)
    record = answer["Location"]
    waiting = cora.get(record)
    assert (waiting["Refresh"], "It waits for its turn" in page(waiting)) == ("3", True)
    assert run_jobs() == 1
    checked = cora.get(record)
    assert tallies(checked) == {"organisations": [38, 0, 0, 0], "projects": [246, 0, 0, 0]}
    assert (Project.objects.filter(programme=cast.programme).count(), Organisation.objects.count()) == (1, before)
    decide = cora.get(f"{record}apply/")
    answer = cora.post(f"{record}apply/", filled(decide))
    assert answer.status_code == 302
    run_jobs()
    done = cora.get(record)
    assert "It is imported" in page(done)
    assert (Project.objects.exclude(pk=cast.project.pk).count(), Organisation.objects.count()) == (246, before + 38)
    found = Project.objects.get(title="Access Map")
    assert (found.organisation.name, found.status, found.link) == (
        "OK Lab Berlin",
        "unknown",
        "http://arduina.github.io/access_map/",
    )
    one = Project.objects.filter(status_as_written="Laufend, sucht Mitstreiter:innen").get()
    assert one.status == "running"

    lines = Event.objects.filter(verb__in=["project.imported", "organisation.imported"]).count()
    again = upload(cora, place, *files)
    columns = cora.get(again["Location"])
    assert "These columns were imported before" in page(columns)
    cora.post(columns.request["PATH_INFO"], filled(columns))
    record = columns.request["PATH_INFO"].removesuffix("columns/")
    assert cora.post(f"{record}check/").status_code == 302
    run_jobs()
    assert tallies(cora.get(record)) == {"organisations": [0, 0, 38, 0], "projects": [0, 0, 246, 0]}
    cora.post(f"{record}apply/", filled(cora.get(f"{record}apply/")))
    run_jobs()
    assert Import.objects.get(ref=record.split("/")[-2]).state == "applied"
    assert Event.objects.filter(verb__in=["project.imported", "organisation.imported"]).count() == lines
    assert ImportMapping.objects.get().belongs == cast.programme.ref
