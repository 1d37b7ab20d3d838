"""What everybody reads of a hackathon: every output with its present state, unknown among them, and the same as data."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from accounts import actions as accounts
from partnerships import actions
from partnerships.models import Output
from tests.partnerships.events import closed, gathering, night, nights, question
from tests.reading import page, soup, table_of, words

ASKED = date(2026, 5, 18)


@pytest.fixture
def event(cast):
    """Three outputs after the first question: one piloted, one paused, one silent. Not published."""
    made = closed(cast, title="Open Water")
    night(ASKED)
    facts = {"outcome": "piloted", "evidence": "https://water.example/trial", "reason": "A nurse keeps it alive."}
    actions.answer_follow_up(follow_up=question(made, 30, 1), by=cast.stella, **facts)
    actions.answer_follow_up(follow_up=question(made, 30, 2), outcome="paused", by=cast.stella)
    nights(ASKED + timedelta(days=1), ASKED + timedelta(days=21))
    return made


@pytest.fixture
def shown(cast, event):
    actions.publish_hackathon(hackathon=event, by=cast.cora)
    return event


def rows(answer) -> list[list[str]]:
    """The outputs, not the figures beside them."""
    found = soup(answer).select("table.table--stack tbody tr")
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in found]


def address(event) -> str:
    return f"/hackathons/{event.ref}/"


def test_it_is_public_when_it_is_published_and_gone_when_it_is_taken_off(client, cast, event):
    assert client.get(address(event)).status_code == 404
    assert "No hackathon is published yet" in page(client.get("/hackathons/"))
    actions.publish_hackathon(hackathon=event, by=cast.cora)
    assert client.get(address(event)).status_code == 200
    assert "3 outputs, 1 unknown." in page(client.get("/hackathons/"))
    assert address(event) in client.get("/sitemap.xml").content.decode()
    actions.unpublish_hackathon(hackathon=event, by=cast.cora)
    assert client.get(address(event)).status_code == 404
    assert address(event) not in client.get("/sitemap.xml").content.decode()
    assert "Open Water" not in page(client.get("/hackathons/"))


def test_every_output_stands_there_with_its_state_and_unknown_is_shown_and_counted(client, shown):
    answer = client.get(address(shown))
    assert [(row[0], row[1]) for row in rows(answer)] == [
        ("Leak card Agency", "Piloted"),
        ("Boil or not Agency", "Paused"),
        ("Hospital seat Agency", "Unknown"),
    ]
    assert [words(chip) for chip in soup(answer).select(".chip")] == ["All 3", "Piloted 1", "Paused 1", "Unknown 1"]
    assert "https://water.example/trial" in page(answer) and "18 May 2026" in page(answer)


def test_before_the_first_question_it_says_when_it_will_be_asked(client, cast):
    event = closed(cast, "Leak card")
    actions.publish_hackathon(hackathon=event, by=cast.cora)
    row = rows(client.get(address(event)))[0]
    assert row[1:3] == ["Not asked yet", "– next 18 May 2026"]


def test_page_csv_and_json_have_the_same_rows_and_counts(client, shown):
    for query, number in [("", 3), ("outcome=unknown", 1), ("outcome=adopted", 0), ("prize=yes", 0)]:
        html = client.get(f"{address(shown)}?{query}")
        data = json.loads(client.get(f"{address(shown)}?{query}&format=json").content)
        file = table_of(client.get(f"{address(shown)}?{query}&format=csv"))
        assert (len(rows(html)), data["count"], len(data["outputs"]), len(file) - 1) == (number,) * 4
        assert sum(data["states"].values()) == number
    data = json.loads(client.get(f"{address(shown)}?format=json").content)
    assert data["states"] == {"Piloted": 1, "Paused": 1, "Unknown": 1}
    assert data["outputs"][0] == {
        "number": 1,
        "output": "Leak card",
        "kind": "",
        "prize": False,
        "agency": "Agency",
        "owner": "",
        "state": "Piloted",
        "after_days": 30,
        "asked_on": "2026-05-18",
        "answered_on": data["outputs"][0]["answered_on"],
        "evidence": "https://water.example/trial",
        "reason": "A nurse keeps it alive.",
        "next_question_on": "2026-07-17",
    }
    assert file[0] == list(data["outputs"][0])


def test_an_owner_is_named_only_with_their_consent_and_only_as_long(client, cast, shown):
    places = (address(shown), f"{address(shown)}?format=csv", f"{address(shown)}?format=json")

    def named() -> list[bool]:
        return ["Stella" in Client().get(place).content.decode() for place in places]

    assert named() == [False, False, False]
    accounts.give_consent(person=cast.stella.person, item="public_name", by=cast.stella)
    assert named() == [True, True, True]
    accounts.withdraw_consent(person=cast.stella.person, item="public_name", by=cast.stella)
    assert named() == [False, False, False]


def test_neither_who_answered_nor_the_next_step_is_public(client, cast, shown):
    output = shown.output_set.get(number=3)
    actions.edit_output(output=output, facts={"next_step": "Ask the mayor quietly."}, by=cast.cora)
    actions.answer_follow_up(follow_up=question(shown, 30, 3), outcome="paused", by=cast.cora)
    for query in ("", "?format=csv", "?format=json"):
        body = client.get(address(shown) + query).content.decode()
        assert "quietly" not in body and "Cora" not in body and "cora@" not in body


def test_a_stored_page_is_never_stale(client, cast, shown, django_assert_num_queries):
    def state() -> str:
        return rows(Client().get(address(shown)))[2][1]

    assert state() == "Unknown"
    with django_assert_num_queries(1):
        assert state() == "Unknown"
    actions.answer_follow_up(follow_up=question(shown, 30, 3), outcome="abandoned", by=cast.stella)
    assert state() == "Abandoned"
    actions.edit_output(output=shown.output_set.get(number=3), facts={"title": "Seat"}, by=cast.cora)
    assert rows(Client().get(address(shown)))[2][0] == "Seat Agency"
    night(date(2026, 7, 17))
    assert "3 open" in page(Client().get(address(shown)))


def test_what_somebody_typed_is_text_and_only_a_web_address_is_a_link(client, cast):
    event = closed(cast, "<b>Leak</b>", "Boil")
    night(ASKED)
    evil = "javascript:alert(1)"
    actions.answer_follow_up(follow_up=question(event, 30, 1), outcome="adopted", evidence=evil, by=cast.stella)
    actions.answer_follow_up(follow_up=question(event, 30, 2), outcome="adopted", evidence="<script>1</script>", by=cast.stella)
    actions.publish_hackathon(hackathon=event, by=cast.cora)
    answer = client.get(address(event))
    assert [each["href"] for each in soup(answer).select("table a[href]")] == []
    assert evil in page(answer) and b"<script>1" not in answer.content and b"<b>Leak" not in answer.content
    line = table_of(client.get(f"{address(event)}?format=csv"))[1]
    assert line[1] == "<b>Leak</b>"


def test_an_open_event_may_be_public_too_without_agencies(client, cast):
    event = gathering(cast, "Leak card")
    actions.publish_hackathon(hackathon=event, by=cast.cora)
    assert rows(client.get(address(event)))[0][:2] == ["Leak card", "Not asked yet"]
    assert "They are planned when the hackathon is closed." in page(client.get(address(event)))


def test_the_page_of_publishing_shows_what_the_public_will_see(client, cast, event):
    client.force_login(cast.cora)
    place = f"/desk/hackathons/{event.ref}/publish/"
    preview = rows(client.get(place))
    assert client.post(place).status_code == 422
    assert client.post(place, {"publish": "yes"}).status_code == 302
    assert rows(Client().get(address(event))) == preview
    assert client.post(place, {"publish": "no"}).status_code == 302
    assert Output.objects.published().count() == 0


@pytest.mark.parametrize("titles", [("One",), ("One", "Two", "Three")])
def test_it_costs_the_same_queries_for_one_output_and_for_three(cast, titles, django_assert_num_queries):
    event = closed(cast, *titles)
    night(ASKED)
    actions.publish_hackathon(hackathon=event, by=cast.cora)
    with django_assert_num_queries(7):
        Client().get(f"{address(event)}?outcome=")


def test_an_address_that_cannot_be_understood_says_so(client, shown):
    answer = client.get(f"{address(shown)}?outcome=odd")
    assert (answer.status_code, rows(answer)) == (200, [])
    assert "No output fits" in page(answer)
