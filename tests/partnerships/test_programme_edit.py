"""What a programme is called, who signs for it, and which days and hours its time limits follow."""

from datetime import date

import pytest

from core.access import HOUSE
from core.audit import history
from core.models import Event
from partnerships import actions as partnerships
from tests.reading import options, problems, reason, said, soup, typed


@pytest.fixture
def url(cast) -> str:
    return f"/desk/programmes/{cast.programme.ref}/edit/"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


@pytest.fixture
def facts(cast) -> dict[str, str]:
    return {"name": "Open city", "organisation": cast.ngo.ref, "calendar": "", "local_holidays": "", "time_zone": "UTC"}


def test_it_is_stored_and_the_calendar_follows_it(cora, cast, url, facts):
    asked = facts | {
        "name": "Opener city",
        "organisation": cast.elsewhere.ref,
        "calendar": "deu-by",
        "local_holidays": "2027-03-09 Bridge Day\n\n2026-10-12  Charter Day",
        "time_zone": "Europe/Berlin",
    }
    assert said(cora.post(url, asked, follow=True)) == ["The changes to Opener city are saved."]
    cast.programme.refresh_from_db()
    assert (cast.programme.name, cast.programme.organisation, cast.programme.calendar, cast.programme.time_zone) == (
        "Opener city", cast.elsewhere, "DE-BY", "Europe/Berlin",
    )  # fmt: skip
    assert cast.programme.local_holidays == {"2026-10-12": "Charter Day", "2027-03-09": "Bridge Day"}
    assert cast.programme.business_days().holiday(date(2026, 10, 12)) == "Charter Day"
    changes = Event.objects.filter(verb="programme.edited").get().data["changes"]
    assert changes["name"] == ["Open city", "Opener city"] and changes["organisation"] == ["NGO", "Elsewhere"]
    assert changes["calendar"] == ["", "DE-BY"]
    assert changes["local_holidays"][1] == {"2026-10-12": "Charter Day", "2027-03-09": "Bridge Day"}
    shown = cora.get(url)
    assert {name: typed(shown, name) for name in asked} == asked | {
        "calendar": "DE-BY",
        "local_holidays": "2026-10-12 Charter Day\n2027-03-09 Bridge Day",
    }


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        ({"name": ""}, "Name: Fill this in."),
        ({"name": "OTHER city"}, "Name: There is a programme of this name already."),
        ({"calendar": "XY"}, "Holiday calendar: There is no calendar “XY”; calendars have codes such as"),
        ({"calendar": "DE-QQ"}, "Holiday calendar: The calendar “DE” has no part “QQ”."),
        ({"calendar": "x" * 21}, "Holiday calendar: Write at most 20 characters; there are 21."),
        (
            {"local_holidays": "2026-10-12 Charter Day\n12 October"},
            "Local holidays: Line 2: write the day and its name, such as 2026-10-12 Charter Day.",
        ),
        ({"local_holidays": "2026-02-30 Never"}, "Local holidays: Line 1: write the day and its name"),
        ({"local_holidays": "0001-01-01 Begin"}, "Local holidays: Line 1: write the day and its name"),
        ({"local_holidays": "2026-10-12"}, "Local holidays: Line 1: write the day and its name"),
        (
            {"local_holidays": "2026-10-12 A\n2026-10-12 B"},
            "Local holidays: Line 2: 12 October 2026 stands there twice.",
        ),
        ({"local_holidays": "x" * 100_000}, "Local holidays: Write at most 10000 characters; there are 100000."),
        ({"time_zone": "Mars/Olympus"}, "Time zone: Choose one of the list."),
        ({"time_zone": "../../etc/passwd"}, "Time zone: Choose one of the list."),
        ({"organisation": "2222222222"}, "Organisation that signs for the programme: Choose one of the list."),
        ({"organisation": "\x00"}, "Organisation that signs for the programme: Choose one of the list."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(cora, cast, url, facts, change, begins):
    partnerships.open_programme(name="Other city", by=HOUSE)
    answer = cora.post(url, facts | change)
    assert answer.status_code == 422
    (problem,) = problems(answer)
    assert problem[: len(begins)] == begins
    cast.programme.refresh_from_db()
    assert (cast.programme.calendar, cast.programme.local_holidays, cast.programme.organisation) == ("", {}, cast.ngo)


def test_the_key_of_an_organisation_is_no_choice(cora, cast, url, facts):
    assert cora.post(url, facts | {"organisation": cast.elsewhere.pk}).status_code == 422


def test_the_register_is_to_choose_from(cora, url):
    assert options(cora.get(url), "organisation") == ["Agency", "Elsewhere", "NGO"]


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("/desk/cycles/ABC/", "/desk/cycles/ABC/"),
        ("https://evil.example/desk/", None),
        ("//evil.example/desk/", None),
        ("/desk/%0A/evil", None),
        ("javascript:alert(1)", None),
        ("/cms/", None),
    ],
)
def test_it_leads_back_to_where_one_came_from_at_the_desk_and_nowhere_else(cora, url, facts, back, where):
    address = f"{url}?back={back}"
    detail = url.removesuffix("edit/")
    assert cora.post(address, facts)["Location"] == (where or detail)
    cancel = soup(cora.get(address)).select("main form a.btn")
    assert [each["href"] for each in cancel] == [where or detail]


def test_what_changed_stands_in_the_timeline_and_nothing_different_is_not_recorded(cora, cast, url, facts):
    assert said(cora.post(url, facts, follow=True)) == ["Nothing was different."]
    assert [line.verb for line in history(cast.programme)][:1] != ["programme.edited"]
    cora.post(url, facts | {"name": "Opener city", "time_zone": "Europe/Berlin"})
    assert history(cast.programme)[0].text == "Cora changed name, time zone."


def test_an_auditor_reads_that_it_is_not_theirs_and_others_find_nothing(client, cast, url, facts):
    client.force_login(cast.audrey)
    assert reason(client.post(url, facts)) == "You do not coordinate this programme."
    client.force_login(cast.nora)  # whose organisation signs for it
    assert reason(client.post(url, facts)) == "You do not coordinate this programme."
    for who in ("sofia", "felix", "otto", "edna", "rooth"):
        client.force_login(getattr(cast, who))
        assert client.get(url).status_code == client.post(url, facts).status_code == 404
