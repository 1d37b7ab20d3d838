"""What everybody sees of a cycle: live from the records, names by consent alone, nothing of drafts and of who left."""

import pytest

from accounts import actions as accounts
from core.access import HOUSE
from fellowships import actions, demo
from mou import actions as mou
from mou import demo as mou_demo
from partnerships import actions as partnerships
from tests.reading import page, soup, words


@pytest.fixture
def shown(cast, harbour):
    """Published, and everybody agrees to be named."""
    for user in (cast.felix, harbour.hana, harbour.ines):
        accounts.give_consent(person=user.person, item="public_name", by=user)
    actions.edit_cycle(cycle=cast.cycle, facts={"summary": "Two public bodies take fellows."}, by=cast.cora)
    actions.publish_cycle(cycle=cast.cycle, by=cast.cora)
    return cast.cycle


def one(cycle) -> str:
    return f"/cycles/{cycle.ref}/"


def hosts(client, cycle) -> list[str]:
    return [words(each) for each in soup(client.get(one(cycle))).select(".result")]


def figures(client, cycle) -> list[int]:
    """Hosts, fellows placed, projects, agreements."""
    return [int(words(each)) for each in soup(client.get(one(cycle))).select(".figures__n")]


def test_a_cycle_that_is_not_published_answers_like_one_that_is_not_there(client, cast):
    absent = client.get("/cycles/2222222222/")
    hidden = client.get(one(cast.cycle))
    assert (absent.status_code, hidden.status_code) == (404, 404)
    assert page(absent) == page(hidden)
    assert client.get("/cycles/%00/").status_code == 404
    assert "No cycle is published yet" in page(client.get("/cycles/"))


def test_the_list_shows_published_cycles_and_counts_what_their_pages_show(client, cast, shown):
    actions.open_cycle(programme=cast.programme, name="Next year", by=cast.cora)
    (line,) = [words(each) for each in soup(client.get("/cycles/")).select(".result")]
    assert line.startswith("First cycle 2 hosts , 2 fellows placed . Two public bodies take fellows.") or line.startswith(
        "First cycle 2 hosts, 2 fellows placed. Two public bodies take fellows."
    )
    assert "Next year" not in page(client.get("/cycles/"))


def test_a_cycle_of_an_old_list_that_names_nobody_does_not_say_that_nobody_was_placed(client, cast):
    old = actions.open_cycle(programme=cast.programme, name="Old", by=cast.cora)
    actions.add_host(cycle=old, organisation=cast.agency, by=cast.cora)
    actions.publish_cycle(cycle=old, by=cast.cora)
    (line,) = [words(each) for each in soup(client.get("/cycles/")).select(".result")]
    assert "1 host." in line and "placed" not in line


def test_hosts_stand_with_their_fellows_projects_and_published_agreements(client, cast, shown, harbour, agreement_in_force):
    assert hosts(client, shown) == [
        "Agency 1 fellow. Named with their consent: Felix. Permits without a queue",
        "Harbour 1 fellow. Named with their consent: Hana. Tide tables Saltmere",
    ]
    assert figures(client, shown) == [2, 2, 2, 0]
    mou.publish_agreement(agreement=agreement_in_force, by=cast.cora)
    assert hosts(client, shown)[0].endswith(f"Permits without a queue {agreement_in_force.ref} In force")
    assert figures(client, shown) == [2, 2, 2, 1]


def test_a_draft_one_that_is_out_and_one_in_force_that_is_not_shown_are_not_there(client, cast, shown):
    drafted = demo.agreement_ready(cast.host, by=cast.cora)
    states = []
    for step in (None, mou_demo.send, lambda made, by: mou_demo.sign(made, [cast.sofia, cast.nora])):
        if step:
            step(drafted, by=cast.cora)
        states.append(drafted.ref in client.get(one(shown)).content.decode())
    assert states == [False, False, False]


def test_who_works_for_two_hosts_is_one_person_on_the_page_and_in_the_list(client, cast, shown, harbour):
    actions.add_placement(fellow=harbour.fellow, host=cast.host, project=harbour.project, by=cast.cora)
    assert [line.split(".")[0] for line in hosts(client, shown)] == ["Agency 2 fellows", "Harbour 1 fellow"]
    assert figures(client, shown) == [2, 2, 2, 0]
    (line,) = [words(each) for each in soup(client.get("/cycles/")).select(".result")]
    assert "2 fellows placed" in line


def test_a_withdrawn_consent_takes_the_name_off_at_the_next_request(client, cast, shown):
    client.get(one(shown))  # the page is in the cache now
    assert "Felix" in client.get(one(shown)).content.decode()
    accounts.withdraw_consent(person=cast.felix.person, item="public_name", by=cast.felix)
    assert "Felix" not in client.get(one(shown)).content.decode()
    assert hosts(client, shown)[0] == "Agency 1 fellow. Permits without a queue"


def test_without_consent_nobody_is_named(client, cast, harbour):
    actions.publish_cycle(cycle=cast.cycle, by=cast.cora)
    html = client.get(one(cast.cycle)).content.decode()
    assert [name for name in ("Felix", "Hana", "Ines", "Cora", "Sofia", "Stella") if name in html] == []


def leave(cast, harbour):
    actions.withdraw_fellow(fellow=harbour.fellow, left_on=cast.today, reason="A secret reason.", by=cast.cora)


def end(cast, harbour):
    actions.withdraw_placement(placement=harbour.placement, ended_on=cast.today, reason="A secret reason.", by=cast.cora)


@pytest.mark.parametrize("step", [leave, end])
def test_who_has_left_and_whose_placement_ended_appears_nowhere(client, cast, shown, harbour, step):
    assert "Hana" in client.get(one(shown)).content.decode()
    step(cast, harbour)
    for url in (one(shown), "/cycles/"):
        html = client.get(url).content.decode()
        assert [word for word in ("Hana", "secret", "Tide tables") if word in html] == []
    assert hosts(client, shown)[1] == "Harbour No fellow is placed here yet. Saltmere"
    assert figures(client, shown)[:2] == [2, 1]


def test_who_is_not_placed_is_not_named(client, shown):
    assert "Ines" not in client.get(one(shown)).content.decode()


STEPS = {
    "unpublish": lambda c, h: actions.unpublish_cycle(cycle=c.cycle, by=c.cora),
    "cycle": lambda c, h: actions.edit_cycle(cycle=c.cycle, facts={"summary": "Something else."}, by=c.cora),
    "host": lambda c, h: actions.add_host(cycle=c.cycle, organisation=c.elsewhere, by=c.cora),
    "place": lambda c, h: actions.place_fellow(fellow=h.unplaced, host=h.host, title="Ferry times", by=c.cora),
    "project": lambda c, h: actions.edit_project(project=h.project, facts={"title": "Tides"}, by=c.cora),
    "moved": lambda c, h: actions.edit_placement(placement=h.placement, facts={"project": None}, by=c.cora),
    "organisation": lambda c, h: partnerships.edit_organisation(organisation=h.board, facts={"city": "Ebb"}, by=c.cora),
    "leave": leave,
    "end": end,
}


@pytest.mark.parametrize("step", STEPS)
def test_a_stored_page_never_outlives_what_it_shows(client, cast, shown, harbour, step):
    before = client.get(one(shown)).content
    assert client.get(one(shown)).content == before
    STEPS[step](cast, harbour)
    assert client.get(one(shown)).content != before


def test_it_sets_no_cookie_and_names_nobody_from_the_desk(client, shown):
    answer = client.get(one(shown))
    assert answer.cookies == {}
    assert "Cora" not in answer.content.decode()
    assert client.post(one(shown)).status_code == 405


@pytest.mark.parametrize("more", [0, 2])
def test_a_page_asks_as_often_for_one_host_as_for_three(client, cast, shown, more, django_assert_num_queries):
    for number in range(more):
        board = partnerships.add_organisation(name=f"Board {number}", by=HOUSE)
        host = actions.add_host(cycle=shown, organisation=board, by=cast.cora)
        fellow = actions.invite_fellow(cycle=shown, name=f"Fellow {number}", by=cast.cora)
        actions.add_placement(fellow=fellow, host=host, by=cast.cora)
    with django_assert_num_queries(10):
        client.get(one(shown))
    with django_assert_num_queries(1):
        client.get(one(shown))


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_one_cycle_as_for_three(client, cast, shown, more, django_assert_num_queries):
    for number in range(more):
        cycle = actions.open_cycle(programme=cast.programme, name=f"Cycle {number}", by=cast.cora)
        actions.publish_cycle(cycle=cycle, by=cast.cora)
    with django_assert_num_queries(7):
        client.get("/cycles/")
