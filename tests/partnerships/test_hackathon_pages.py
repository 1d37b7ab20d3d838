"""Hackathons at the desk: opened, filled, changed, listed; the questions of all; and what waits for whom."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.access import HOUSE
from core.inbox import waiting_for
from partnerships import actions
from partnerships.models import Hackathon, Output
from tests.conftest import sign_in_for
from tests.partnerships.events import ENDS, closed, gathering, leave, night, question
from tests.reading import buttons, names, next_of, page, problems, reason, rows, said, table_of, typed

ASKED = date(2026, 5, 18)
OPEN = {
    "title": "Open Water",
    "starts": "2026-04-17",
    "ends": "2026-04-18",
    "venue": "Harbour Hall",
    "follow_up_days": "30, 90",
    "in_person": "86",
    "online": "32",
    "users": "34",
}


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def here(hackathon) -> str:
    return f"/desk/hackathons/{hackathon.ref}/"


def test_an_empty_list_says_what_comes_next(cora, cast, client):
    assert "No hackathon is on record yet" in page(cora.get("/desk/hackathons/"))
    assert "Nothing is followed up yet" in page(cora.get("/desk/follow-ups/"))
    client.force_login(cast.otto)
    assert "You have no part in a hackathon at present" in page(client.get("/desk/hackathons/"))


def test_a_coordinator_opens_one(cora, cast):
    answer = cora.post("/desk/hackathons/new/", OPEN | {"programme": cast.programme.ref, "organiser": cast.ngo.ref}, follow=True)
    assert said(answer) == ["Open Water is open. Nothing of it is public yet."]
    made = Hackathon.objects.get()
    assert (made.starts, made.ends, made.follow_up_days, made.people, made.published_at) == (
        date(2026, 4, 17), ENDS, [30, 90], 118, None,
    )  # fmt: skip
    assert next_of(answer)[0] == "Add the outputs"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Fill this in."),
        ({"ends": "2026-04-16"}, "The last day cannot lie before the first, 17 April 2026."),
        ({"users": "119"}, "There cannot be more of them than people who took part."),
        ({"follow_up_days": "thirty"}, "Write whole numbers with commas between them, such as 30, 90, 180, 365."),
        ({"follow_up_days": "30, 40"}, "Leave at least 21 days between two questions"),
        ({"follow_up_days": ""}, "Fill this in."),
        ({"organiser": "nobody"}, "Choose one of the list."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cora, cast, change, sentence):
    given = OPEN | {"programme": cast.programme.ref, "organiser": cast.ngo.ref} | change
    answer = cora.post("/desk/hackathons/new/", given)
    assert answer.status_code == 422
    assert len(problems(answer)) == 1 and sentence in problems(answer)[0]
    assert typed(answer, "venue") == "Harbour Hall"
    assert Hackathon.objects.count() == 0


def test_a_second_click_opens_no_second_one(cora, cast):
    given = OPEN | {"programme": cast.programme.ref, "organiser": cast.ngo.ref}
    cora.post("/desk/hackathons/new/", given)
    answer = cora.post("/desk/hackathons/new/", given)
    assert (answer.status_code, Hackathon.objects.count()) == (422, 1)
    assert "Open city has a hackathon called “Open Water” already." in problems(answer)[0]


def test_an_output_is_added_and_then_its_owner_is_named_in_two_steps(cora, cast):
    event = gathering(cast, "Leak card")
    answer = cora.post(f"{here(event)}outputs/new/", {"title": "Boil or not", "kind": "prototype", "team_size": "5"}, follow=True)
    assert said(answer) == ["“Boil or not” is on record. Name who answers for it."]
    output = Output.objects.get(title="Boil or not")
    assert output.number == 2
    address = f"/desk/outputs/{output.ref}/owner/"
    assert answer.redirect_chain[-1][0] == address
    people = page(cora.get(f"{address}?agency={cast.agency.ref}"))
    assert "Stella" in people and "Amir" in people and "Rita" not in people and "Otto" not in people
    answer = cora.post(f"{address}?agency={cast.agency.ref}", {"owner": cast.stella.person.ref}, follow=True)
    assert said(answer) == ["Stella of Agency answers for “Boil or not”."]
    assert next_of(answer)[0] == "1 output lacks an owner"
    output.refresh_from_db()
    assert (output.agency, output.owner) == (cast.agency, cast.stella.person)


def test_somebody_from_elsewhere_is_no_choice(cora, cast):
    output = gathering(cast, "Leak card").output_set.get()
    address = f"/desk/outputs/{output.ref}/owner/?agency={cast.agency.ref}"
    for person in (cast.otto.person.ref, cast.rita.person.ref, "", "%00"):
        assert cora.post(address, {"owner": person}).status_code == 422
    assert cora.get(f"/desk/outputs/{output.ref}/owner/?agency=nobody").status_code == 422
    assert "Nobody holds a role there today" in page(
        cora.get(f"/desk/outputs/{output.ref}/owner/?agency={actions.add_organisation(name='Empty', by=HOUSE).ref}")
    )


def test_a_second_click_adds_no_second_output_and_a_mistake_is_taken_out(cora, cast):
    event = gathering(cast, "Leak card")
    assert "called “Leak card” already" in problems(cora.post(f"{here(event)}outputs/new/", {"title": "Leak card"}))[0]
    output = event.output_set.get()
    assert "This cannot be taken back" in page(cora.get(f"/desk/outputs/{output.ref}/remove/"))
    answer = cora.post(f"/desk/outputs/{output.ref}/remove/", follow=True)
    assert said(answer) == ["“Leak card” was taken out."]
    assert "Cora took out the output “Leak card”." in page(answer)
    assert Output.objects.count() == 0


def test_changes_are_saved_and_named(cora, cast):
    event = gathering(cast, "Leak card")
    output = event.output_set.get()
    given = {"title": "Leak card", "team_size": "4", "users": "2", "prize": "on", "next_step": "Try it in a village."}
    answer = cora.post(f"/desk/outputs/{output.ref}/edit/", given, follow=True)
    assert said(answer) == ["The changes are saved."]
    assert "Cora changed people in the team, of them, people who live with the problem, prize, next step." in page(answer)
    assert said(cora.post(f"/desk/outputs/{output.ref}/edit/", given, follow=True)) == ["Nothing was different."]
    assert cora.post(f"/desk/outputs/{output.ref}/edit/", given | {"users": "9"}).status_code == 422
    answer = cora.post(f"{here(event)}edit/", OPEN | {"organiser": cast.agency.ref, "title": "Open Doors"}, follow=True)
    assert said(answer) == ["The changes are saved."]
    event.refresh_from_db()
    assert (event.title, event.organiser) == ("Open Doors", cast.agency)


def test_when_it_is_closed_its_days_are_no_fields_any_more(cora, cast):
    event = closed(cast, "Leak card")
    shown = cora.get(f"{here(event)}edit/")
    assert b'name="starts"' not in shown.content and b'name="follow_up_days"' not in shown.content
    answer = cora.post(f"{here(event)}edit/", OPEN | {"organiser": cast.ngo.ref, "starts": "2020-01-01"}, follow=True)
    assert said(answer) == ["The changes are saved."]
    event.refresh_from_db()
    assert event.starts == ENDS - timedelta(days=1)


# Lists.


def test_the_list_of_hackathons_counts_outputs_and_unknown_ones(cora, cast):
    closed(cast, title="Old", ends=ENDS - timedelta(days=400))
    night(ENDS)
    gathering(cast, "x", title="New")
    cells = [[row[0], *row[3:]] for row in rows(cora.get("/desk/hackathons/"))]
    assert cells == [["New Open city", "Open", "1", "0"], ["Old Open city", "Closed", "3", "3"]]
    assert names(cora.get("/desk/hackathons/?state=closed")) == ["Old"]
    assert names(cora.get("/desk/hackathons/?sort=title")) == ["New", "Old"]
    assert len(table_of(cora.get("/desk/hackathons/?format=csv"))) == 3
    assert "No hackathon fits" in page(cora.get("/desk/hackathons/?words=nothing"))


def test_the_questions_can_be_filtered_sorted_and_taken_as_a_file(cora, cast):
    event = closed(cast)
    gathering(cast, "x", title="New")
    night(ASKED)
    actions.answer_follow_up(follow_up=question(event, 30, 1), outcome="paused", by=cast.stella)
    shown = cora.get("/desk/follow-ups/")
    assert "12 follow-ups" in page(shown)
    assert names(shown)[:2] == ["Boil or not", "Hospital seat"]  # what waits comes first
    assert names(cora.get("/desk/follow-ups/?outcome=paused")) == ["Leak card"]
    assert len(names(cora.get("/desk/follow-ups/?state=scheduled"))) == 9
    assert names(cora.get("/desk/follow-ups/?words=leak&state=answered")) == ["Leak card"]
    assert len(names(cora.get(f"/desk/follow-ups/?hackathon={event.ref}&agency={cast.agency.ref}"))) == 12
    assert names(cora.get("/desk/follow-ups/?sort=-output"))[0] == "Leak card"
    assert cora.get("/desk/follow-ups/?state=odd").status_code == 200
    file = table_of(cora.get("/desk/follow-ups/?format=csv&state=asked"))
    assert [line[3] for line in file[1:]] == ["Boil or not", "Hospital seat"]
    assert file[1][4:10] == ["Agency", "Stella", "30", "2026-05-18", "Asked", "2026-05-18"]


@pytest.mark.parametrize("place", ["/desk/hackathons/", "/desk/follow-ups/", "detail"])
def test_a_list_costs_the_same_queries_for_one_row_and_for_three(cora, cast, place, django_assert_num_queries):
    def ask(event) -> None:
        cora.get(here(event) if place == "detail" else place)

    few = closed(cast, "One")
    ask(few)
    with django_assert_num_queries(COSTS[place]):
        ask(few)
    many = closed(cast, "Two", "Three", "Four", title="Many")
    with django_assert_num_queries(COSTS[place]):
        ask(many)


COSTS = {"/desk/hackathons/": 12, "/desk/follow-ups/": 11, "detail": 32}


def test_who_has_part_in_one_output_sees_that_one_and_no_other(client, cast):
    event = gathering(cast, "Theirs", "Mine")
    theirs, mine = event.output_set.order_by("number")
    actions.name_owner(output=theirs, agency=cast.elsewhere, owner=cast.otto.person, by=cast.cora)
    actions.name_owner(output=mine, agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    actions.close_hackathon(hackathon=event, by=cast.cora, on=ENDS)
    client.force_login(cast.stella)
    shown = client.get(here(event))
    assert names(shown) == ["Mine"] and "Theirs" not in page(shown).replace("Theirs, ", "")
    assert {line[3] for line in table_of(client.get("/desk/follow-ups/?format=csv"))[1:]} == {"Mine"}
    assert client.get(f"/desk/outputs/{theirs.ref}/").status_code == 404
    assert [row[4] for row in rows(client.get("/desk/hackathons/"))] == ["1"]
    assert buttons(shown) == ["Show"]
    assert reason(client.get(f"{here(event)}close/")) == "Only a coordinator of the programme may do that."


# What waits for whom.


def waiting(user) -> list[str]:
    return [
        item.sentence for item in waiting_for(user) if "acka" in item.url or "outputs" in item.url or "follow-ups" in item.url
    ]


def test_a_question_waits_for_the_owner_until_the_day_on_which_it_is_given_up(cast):
    event = closed(cast, "Leak card")
    night(ASKED)
    item = next(item for item in waiting_for(cast.stella) if "follow-ups" in item.url)
    assert (item.sentence, item.due, item.since) == ("What became of “Leak card”?", ASKED + timedelta(days=21), ASKED)
    assert [waiting(user) for user in (cast.cora, cast.sofia, cast.otto, cast.nora)] == [[], [], [], []]
    actions.answer_follow_up(follow_up=question(event), outcome="paused", by=cast.stella)
    assert waiting(cast.stella) == []


def test_when_the_owner_has_left_it_waits_for_the_lead_and_the_coordinator_finds_a_new_one(cast, client):
    event = closed(cast, "Leak card")
    leah = sign_in_for("leah")
    actions.add_member(organisation=cast.agency, person=leah.person, role="lead", by=HOUSE)
    night(ASKED)
    assert waiting(leah) == []
    leave(cast.stella)
    assert waiting(leah) == ["What became of “Leak card”?"]
    assert waiting(cast.cora) == [f"1 output needs an owner: {event.title}"]
    client.force_login(cast.cora)
    shown = client.get(f"{here(event)}?owner=needed")
    assert (names(shown), next_of(shown)[0]) == (["Leak card"], "1 output needs an owner")
    actions.name_owner(output=event.output_set.get(), agency=cast.agency, owner=leah.person, by=cast.cora)
    assert waiting(cast.cora) == []


def test_a_coordinator_is_led_from_the_end_of_the_event_to_its_closing(cast):
    event = gathering(cast, "Leak card", ends=timezone.localdate())
    assert waiting(cast.cora) == [f"Name the owner of 1 output: {event.title}"]
    actions.name_owner(output=event.output_set.get(), agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    assert waiting(cast.cora) == [f"Close the hackathon: {event.title}"]
    actions.close_hackathon(hackathon=event, by=cast.cora)
    assert waiting(cast.cora) == []
    gathering(cast, "x", title="To come", ends=timezone.localdate() + timedelta(days=1))
    assert waiting(cast.cora) == []


def test_the_page_of_an_organisation_shows_its_outputs_to_who_sees_them(client, cast):
    event = closed(cast, "Leak card")
    client.force_login(cast.cora)
    assert f"Leak card ({event.title})" in page(client.get(f"/desk/organisations/{cast.agency.ref}/"))
    client.force_login(cast.amir)
    assert "Leak card" not in page(client.get(f"/desk/organisations/{cast.agency.ref}/"))
