"""A copy of all data: asked for by oneself, made by a job, opened by nobody else, gone after its days."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import actions, jobs
from accounts.models import Export
from core import exporting, files
from core.access import HOUSE
from core.audit import history
from core.jobs import ABANDONED, run_jobs, tick
from core.models import Message
from tests import processes
from tests.reading import buttons, next_of, page, problems, said

ASK = "/desk/me/export/"


def made(user) -> Export:
    export = actions.ask_export(person=user.person, by=user)
    run_jobs()
    export.refresh_from_db()
    return export


def test_one_asks_waits_is_told_and_takes_it_along(client, cast):
    client.force_login(cast.felix)
    assert "None yet." in page(client.get(ASK))
    asked = client.post(ASK)
    export = Export.objects.get()
    assert asked["Location"] == f"/desk/exports/{export.ref}/"
    waits = client.get(asked["Location"])
    assert "It waits for its turn." in page(waits) and waits["Refresh"] == "3"
    assert "Refresh" not in client.get(asked["Location"] + "?still=yes")
    assert client.get(f"/desk/exports/{export.ref}/file/").status_code == 403
    run_jobs()
    assert next_of(client.get(asked["Location"]))[0] == "The copy is ready"
    mail = Message.objects.get(key__startswith="export-made:")
    assert (mail.to, mail.link) == ("felix@example.org", asked["Location"])
    answer = client.get(f"/desk/exports/{export.ref}/file/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        data = json.loads(archive.read("data.json"))
        assert data["name"] == "Felix" and data["records"]["sign-in"]["rows"][0]["email"] == "felix@example.org"
        assert "felix@example.org" in archive.read("sign-in.csv").decode("utf-8-sig")
    assert answer["Cache-Control"] == "no-store" and answer["Content-Type"] == "application/zip"
    told = [line.text for line in history(cast.felix.person)][:3]
    assert told[0] == "Felix took the copy of all data along." and told[1].startswith("The copy of all data is ready: ")
    assert told[2] == "Felix asked for a copy of all data: their own wish"


def test_it_is_made_once_however_often_it_is_asked_for(cast):
    first, second = (actions.ask_export(person=cast.felix.person, by=cast.felix) for _time in range(2))
    assert first == second and Export.objects.count() == 1


def test_nobody_else_opens_it_and_it_looks_like_what_is_not_there(client, cast, ada):
    export = made(cast.felix)
    for user in (cast.cora, cast.otto, ada, cast.rooth):
        client.force_login(user)
        for address in ("/", "/file/"):
            there = client.get(f"/desk/exports/{export.ref}{address}")
            absent = client.get(f"/desk/exports/22222ABSENT{address}")
            assert there.status_code == absent.status_code == 404
            assert page(there) == page(absent)


def test_it_asks_who_it_is_first(client, cast):
    export = made(cast.felix)
    client.force_login(cast.felix)
    session = client.session
    session["proved"] = 0
    session.save()
    for address in (ASK, f"/desk/exports/{export.ref}/file/"):
        assert client.get(address).status_code in (200, 302)
    from accounts.views import export as views

    assert views.export_ask.fresh and views.export_file.fresh and views.person_export.fresh


def test_after_its_days_the_file_is_gone_and_the_clock_has_done_it(client, cast):
    export = made(cast.felix)
    name = export.file
    assert files.read(name)
    jobs.end_exports(timezone.localdate().isoformat())
    run_jobs()
    assert files.read(name)
    Export.objects.update(until=timezone.now() - timedelta(minutes=1))
    client.force_login(cast.felix)
    assert client.get(f"/desk/exports/{export.ref}/file/").status_code == 403  # even before the clock has come by
    jobs.end_exports(timezone.localdate().isoformat())
    run_jobs()
    with pytest.raises(FileNotFoundError):
        files.read(name)
    gone = client.get(f"/desk/exports/{export.ref}/")
    assert "This copy was deleted" in page(gone) and buttons(gone) == ["Make another one"]


def test_a_later_copy_takes_the_place_of_the_earlier_one(cast):
    first = made(cast.felix)
    name = first.file
    second = made(cast.felix)
    first.refresh_from_db()
    assert (first.file, second.ready) == ("", True)
    with pytest.raises(FileNotFoundError):
        files.read(name)


def test_what_a_worker_left_half_done_is_known_by_its_row_and_goes_when_it_is_done_again(cast):
    export = actions.ask_export(person=cast.felix.person, by=cast.felix)
    left = files.name_of(hashlib.sha256(b"as far as it came").hexdigest(), "zip")
    actions.name_export(export=export, file=left, by=HOUSE)
    files.keep(b"as far as it came", "zip")
    jobs.make_export(export.ref)
    run_jobs()
    export.refresh_from_db()
    assert export.ready and export.file != left
    with pytest.raises(FileNotFoundError):
        files.read(left)
    jobs.make_export(export.ref)  # a second worker finds it done


def kept() -> set[str]:
    """Every file there is, as rows name them."""
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def swept_next() -> set[str]:
    """Files that a job which waits, or was cut off, removes."""
    asked = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).values_list("args_kwargs", flat=True)
    return {name for each in asked if each["args"][0] == "core.sweep_import_files" for name in each["args"][1:]}


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_kill_9_while_copies_are_made_leaves_no_file_that_nobody_knows_of(cast):
    """Each time the worker is killed as soon as the row has the name of a file: before it is written, while it is, or after."""
    before = kept()
    for user in (cast.felix, cast.amir, cast.nora):
        export = actions.ask_export(person=user.person, by=user)
        worker = processes.manage("db_worker", "--interval", "0.1")
        processes.wait_for(lambda found=export: Export.objects.filter(pk=found.pk).exclude(file="").exists())
        processes.kill(worker)
        known = {*Export.objects.exclude(file="").values_list("file", flat=True), *swept_next()}
        assert {name for name in kept() - before if ".part-" not in name} <= known
        tick(timezone.now() + ABANDONED + timedelta(minutes=1))
    worker = processes.manage("db_worker", "--interval", "0.1")
    try:
        waiting = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"])
        processes.wait_for(lambda: not waiting.exists(), 300)
    finally:
        processes.kill(worker)
    made = Export.objects.all()
    assert [export.ready for export in made] == [True] * 3
    assert {name for name in kept() - before if name.endswith(".zip")} == set(made.values_list("file", flat=True))


def test_an_administrator_makes_one_for_somebody_with_a_reason_and_cannot_open_it(client, cast, ada):
    client.force_login(ada)
    address = f"/desk/people/{cast.felix.person.ref}/export/"
    assert problems(client.post(address, {})) == ["Reason: Fill this in."] or client.post(address, {}).status_code == 422
    done = client.post(address, {"reason": "Asked for by letter."}, follow=True)
    assert said(done) == ["It is being made. Felix is told by mail, and nobody else can open it."]
    run_jobs()
    assert client.get(f"/desk/exports/{Export.objects.get().ref}/").status_code == 404
    assert "Ada asked for a copy of all data: Asked for by letter." in [line.text for line in history(cast.felix.person)]
    client.force_login(cast.cora)
    assert client.post(f"/desk/people/{cast.amir.person.ref}/export/", {"reason": "Curious."}).status_code == 403


def test_who_cannot_sign_in_gets_it_from_the_administrator_who_asked(client, cast, ada):
    from accounts import actions

    person = actions.add_person(name="Wilma Without", by=HOUSE)
    client.force_login(ada)
    done = client.post(f"/desk/people/{person.ref}/export/", {"reason": "By letter."})
    export = Export.objects.get()
    assert done["Location"] == f"/desk/exports/{export.ref}/"
    run_jobs()
    assert client.get(f"/desk/exports/{export.ref}/file/").status_code == 200
    assert "Ada took the copy of all data along." in [line.text for line in history(person)]
    assert not Message.objects.filter(key__startswith="export-made:").exists()


def test_a_cell_that_computes_does_not(cast):
    from accounts import actions
    from core.privacy import subject_of

    actions.rename_person(person=cast.felix.person, name="=HYPERLINK(1)", by=HOUSE)
    found = exporting.copied(subject_of(cast.felix.person), settings.BASE_URL)
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        assert "'=HYPERLINK(1)" in archive.read("record-of-the-person.csv").decode("utf-8-sig")


def test_a_superuser_has_nothing_to_take_along(client, cast):
    client.force_login(cast.rooth)
    assert client.get(ASK).status_code == 403
