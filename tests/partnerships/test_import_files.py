"""The files of an import are on the disk for as long as somebody may go on with it, and no longer."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.formats import date_format

from core import importing
from core.jobs import run_jobs
from core.models import Event, Import, ImportFault
from tests.desk_import import address, file, filled, upload
from tests.reading import page, problems

LIST = "id,name,kind,city\n1,Harbour Board,Public agency,Saltmere\n2,River Trust,charity,Lower Quay\n"
BROKEN = "id,name,kind,city\n1,,Public agency,Saltmere\n,River Trust,charity,Lower Quay\n"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def start(client, *files) -> str:
    answer = upload(client, "organisations/", *(files or (file("bodies.csv", LIST),)))
    assert answer.status_code == 302, problems(answer)
    return address(answer)


def checked(client, *files) -> str:
    record = start(client, *files)
    assert client.post(f"{record}columns/", filled(client.get(f"{record}columns/"))).status_code == 302
    assert client.post(f"{record}check/").status_code == 302
    run_jobs()
    return record


def the() -> Import:
    return Import.objects.get()


def kept(record: Import | None = None) -> list[bool]:
    """Whether each file of an import, the last one unless said, is on the disk."""
    return [default_storage.exists(each["file"]) for each in (record or Import.objects.latest("pk")).files]


def test_the_files_of_a_discarded_import_are_deleted_but_for_those_that_another_has_too(cora):
    first = start(cora, file("a.csv", LIST))
    second = start(cora, file("b.csv", LIST), file("c.csv", BROKEN))
    assert kept() == [True, True]
    cora.post(f"{second}discard/")
    run_jobs()
    assert kept() == [True, False]
    cora.post(f"{first}discard/")
    run_jobs()
    assert kept() == [False, False]
    assert [each["name"] for each in Import.objects.latest("pk").files] == ["b.csv", "c.csv"]


def test_a_file_that_is_taken_away_is_deleted(cora):
    record = start(cora, file("a.csv", LIST), file("b.csv", BROKEN))
    name = next(each["file"] for each in the().files if each["name"] == "b.csv")
    answer = cora.post(f"{record}files/", filled(cora.get(f"{record}files/")) | {"remove": ["b.csv"]})
    assert answer.status_code == 302
    run_jobs()
    assert (kept(), default_storage.exists(name)) == ([True], False)


def test_an_import_that_nobody_goes_on_with_ends_after_thirty_days_and_the_desk_says_when(cora):
    began = timezone.now()
    record = checked(cora, file("x.csv", BROKEN))
    last = timezone.localdate(began) + timedelta(days=30)
    assert f"Untouched, it is discarded after {date_format(last, 'j F Y')}." in page(cora.get("/desk/"))
    importing.discard_abandoned(last.isoformat())
    assert (the().state, kept()) == ("checked", [True])
    for _ in range(2):
        importing.discard_abandoned((last + timedelta(days=1)).isoformat())
    run_jobs()
    assert (the().state, kept(), ImportFault.objects.count()) == ("discarded", [False], 0)
    assert Event.objects.filter(verb="import.abandoned").count() == 1
    assert "Nobody had touched it for 30 days: it was discarded, and its files were deleted." in page(cora.get(record))


def test_an_import_under_way_or_done_is_never_abandoned(cora):
    record = checked(cora)
    long_after = (timezone.localdate() + timedelta(days=400)).isoformat()
    cora.post(f"{record}apply/", filled(cora.get(f"{record}apply/")))
    importing.discard_abandoned(long_after)
    assert (the().state, kept()) == ("applying", [True])
    run_jobs()
    importing.discard_abandoned(long_after)
    assert (the().state, kept()) == ("applied", [True])
