"""Cycles at the desk: the list, opening and changing one, its page with what comes next, publishing it."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from core.access import HOUSE
from fellowships import actions, demo
from fellowships.models import Cycle, Fellow
from fellowships.states import CycleState
from mou import demo as mou_demo
from partnerships import actions as partnerships
from tests.reading import buttons, names, next_of, options, page, problems, reason, rows, said, soup, table_of, typed, words

LIST = "/desk/cycles/"


def one(cycle: Cycle, path: str = "") -> str:
    return f"/desk/cycles/{cycle.ref}/{path}"


def figures(answer) -> dict[str, int]:
    cells = soup(answer).select(".figures li")
    return {words(cell.select_one(".figures__l")): int(words(cell.select_one(".figures__n"))) for cell in cells}


# ------------------------------------------------------------------------------------------------- the list


def test_each_sees_the_cycles_they_have_a_part_in(client, cast):
    actions.open_cycle(programme=cast.programme, name="Second cycle", by=cast.cora)
    seen = {}
    for who in ("cora", "audrey", "stella", "felix", "otto", "rita"):
        client.force_login(getattr(cast, who))
        seen[who] = names(client.get(LIST + "?sort=name"))
    both = ["First cycle", "Second cycle"]
    assert seen == {"cora": both, "audrey": both, "stella": both[:1], "felix": both[:1], "otto": [], "rita": []}


def test_what_is_counted_is_what_the_reader_sees(client, cast, harbour):
    counted = {}
    for who in (cast.cora, cast.stella, cast.felix, harbour.hugo):
        client.force_login(who)
        (line,) = table_of(client.get(LIST + "?format=csv"))[1:]
        counted[str(who)] = line[7:]
        (row,) = rows(client.get(LIST))
        assert row[4:] == [line[7], line[8], line[11], line[12]]
    # hosts, people, places, placed, not placed, left, replaced
    assert counted == {
        "Cora": ["2", "3", "3", "2", "1", "0", "0"],
        "Stella": ["1", "1", "1", "1", "0", "0", "0"],
        "Felix": ["1", "1", "1", "1", "0", "0", "0"],
        "Hugo": ["1", "1", "1", "1", "0", "0", "0"],
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?words=first", ["First cycle"]),
        ("?words=open+city", ["First cycle", "Night shift"]),
        ("?state=published", ["Night shift"]),
        ("?state=preparing&words=night", []),
        ("?sort=-name", ["Night shift", "First cycle"]),
        ("?sort=programme__organisation__membership__person__user__password", ["First cycle", "Night shift"]),
        ("?state=zebra", []),
        ("?programme=zebra", []),
    ],
)
def test_filters_and_order_live_in_the_address_and_the_file_has_the_same_lines(cora, cast, asked, found):
    night = actions.open_cycle(programme=cast.programme, name="Night shift", year=cast.starts.year - 1, by=cast.cora)
    actions.publish_cycle(cycle=night, by=cast.cora)
    assert names(cora.get(LIST + asked)) == found
    assert [line[1] for line in table_of(cora.get(LIST + asked + "&format=csv"))[1:]] == found


def test_the_choices_of_the_filter_are_ones_own_programmes(client, cast):
    client.force_login(cast.stella)
    assert options(client.get(LIST), "programme") == ["Open city"]


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_one_cycle_as_for_three(cora, cast, more, django_assert_num_queries):
    for number in range(more):
        actions.open_cycle(programme=cast.programme, name=f"Cycle {number}", by=cast.cora)
    with django_assert_num_queries(11):
        cora.get(LIST)


def test_who_has_no_cycle_reads_what_comes_next(client, cast):
    client.force_login(cast.otto)
    assert "You take part in no cycle at present" in page(client.get(LIST))
    fiona_runs = partnerships.open_programme(name="Empty", coordinator=cast.otto.person, by=HOUSE)
    answer = client.get(LIST)
    assert fiona_runs.name not in page(answer)
    assert "No cycle is open" in page(answer)
    assert "Past rounds can be imported from the lists that you have" in page(answer)


# ------------------------------------------------------------------------------------------------- open and change


def test_a_cycle_is_opened_and_the_year_comes_from_its_first_day(cora, cast):
    facts = {"programme": cast.programme.ref, "name": "2030", "starts": "2030-09-01", "ends": "2031-06-30", "year": ""}
    answer = cora.post(LIST + "new/", facts, follow=True)
    made = Cycle.objects.get(name="2030")
    assert answer.redirect_chain == [(one(made), 302)]
    assert said(answer) == ["2030 is open. Nothing of it is public yet."]
    assert (made.programme, made.year, made.state) == (cast.programme, 2030, CycleState.PREPARING)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Name: Fill this in."),
        ({"name": "First cycle"}, "Name: Open city has a cycle called “First cycle” already."),
        ({"name": "x" * 100_000}, "Name: Write at most 120 characters; there are 100000."),
        ({"ends": "2030-08-31"}, "Last day: The last day cannot lie before the first, 1 September 2030."),
        ({"starts": "0001-01-01"}, "First day: Write a day from 1 January 1990 to 31 December 2100."),
        ({"ends": "9999-12-31"}, "Last day: Write a day from 1 January 1990 to 31 December 2100."),
        ({"ends": "2036-01-01"}, "Last day: A cycle lasts at most five years."),
        ({"year": "20300"}, "Year: Write a number up to 2100."),
        ({"programme": "2222222222"}, "Programme: Choose one of the list."),
        ({"programme": ""}, "Programme: Choose one."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cora, cast, change, sentence):
    facts = {"programme": cast.programme.ref, "name": "2030", "starts": "2030-09-01", "ends": "2031-06-30"} | change
    answer = cora.post(LIST + "new/", facts)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert typed(answer, "name") == facts["name"]
    assert typed(answer, "starts") == facts["starts"]
    assert Cycle.objects.count() == 1


def test_a_programme_that_one_does_not_run_is_no_choice(cora, cast):
    other = partnerships.open_programme(name="Other", organisation=cast.elsewhere, coordinator=cast.otto.person, by=HOUSE)
    answer = cora.post(LIST + "new/", {"programme": other.ref, "name": "Mine"})
    assert problems(answer) == ["Programme: Choose one of the list."]
    assert options(answer, "programme") == ["Open city"]


def test_a_change_is_stored_and_told_in_words(cora, cast):
    last = cast.ends + timedelta(days=7)
    facts = {"name": "First cycle", "starts": cast.starts, "ends": last, "summary": "Who works where.", "year": ""}
    answer = cora.post(one(cast.cycle, "edit/"), facts, follow=True)
    assert said(answer) == ["The changes are saved."]
    assert "Cora changed last day, summary for the public page." in page(answer)
    cast.cycle.refresh_from_db()
    assert (cast.cycle.ends, cast.cycle.summary, cast.cycle.year) == (last, "Who works where.", cast.starts.year)


def test_a_name_that_another_cycle_of_the_programme_has_is_refused(cora, cast):
    actions.open_cycle(programme=cast.programme, name="Second", by=cast.cora)
    answer = cora.post(one(cast.cycle, "edit/"), {"name": "Second"})
    assert (answer.status_code, problems(answer)) == (422, ["Name: Open city has a cycle called “Second” already."])


def test_state_and_programme_are_not_taken_from_a_post(cora, cast):
    other = partnerships.open_programme(name="Other", coordinator=cast.cora.person, by=HOUSE)
    cora.post(one(cast.cycle, "edit/"), {"name": "First cycle", "state": "published", "programme": other.ref, "id": 7})
    cast.cycle.refresh_from_db()
    assert (cast.cycle.state, cast.cycle.programme) == (CycleState.PREPARING, cast.programme)


# ------------------------------------------------------------------------------------------------- what comes next


def title_of(answer) -> str:
    return next_of(answer)[0]


def test_the_page_says_what_comes_next_from_the_first_day_to_publishing(cora, cast):
    bare = actions.open_cycle(programme=cast.programme, name="Bare", by=cast.cora)
    partnerships.edit_programme(programme=cast.programme, organisation=None, calendar="", time_zone="UTC", by=cast.cora)
    assert title_of(cora.get(one(bare))) == "Set the first and the last day"
    actions.edit_cycle(cycle=bare, facts={"starts": cast.starts, "ends": cast.ends}, by=cast.cora)
    assert title_of(cora.get(one(bare))) == "Choose the organisation that signs for the programme"
    partnerships.edit_programme(programme=cast.programme, organisation=cast.ngo, calendar="", time_zone="UTC", by=cast.cora)
    assert title_of(cora.get(one(bare))) == "Add the first host"
    host = actions.add_host(cycle=bare, organisation=cast.agency, by=cast.cora)
    assert title_of(cora.get(one(bare))) == "Add the first fellow"
    fellow = actions.invite_fellow(cycle=bare, name="Ada", by=cast.cora)
    assert next_of(cora.get(one(bare))) == [
        "1 host has no agreement",
        "Nothing starts before both sides have signed one: Agency.",
    ]
    draft = demo.agreement_ready(host, by=cast.cora)
    assert next_of(cora.get(one(bare))) == ["1 agreement is a draft", "Fill in what is missing and send them: Agency."]
    mou_demo.send(draft, by=cast.cora)
    assert next_of(cora.get(one(bare))) == [
        "1 agreement is out for signature",
        f"The longest is {draft.ref} with Agency: Nora, Sofia.",
    ]
    mou_demo.sign(draft, [cast.sofia, cast.nora])
    assert title_of(cora.get(one(bare))) == "1 fellow is not placed"
    actions.add_placement(fellow=fellow, host=host, by=cast.cora)
    assert title_of(cora.get(one(bare))) == "Ready to publish"
    actions.publish_cycle(cycle=bare, by=cast.cora)
    assert next_of(cora.get(one(bare))) == []


def test_a_placement_that_is_to_start_and_cannot_comes_before_the_agreement_it_lacks(cora, cast):
    soon = cast.today + timedelta(days=14)
    actions.edit_placement(placement=cast.placement, facts={"starts": soon}, by=cast.cora)
    assert next_of(cora.get(one(cast.cycle))) == [
        "1 placement cannot start",
        "No agreement in force covers them: Felix.",
    ]
    actions.edit_placement(placement=cast.placement, facts={"starts": soon + timedelta(days=1)}, by=cast.cora)
    assert title_of(cora.get(one(cast.cycle))) == "1 host has no agreement"


def test_a_cycle_that_is_over_asks_for_nothing(cora, cast):
    past = actions.open_cycle(programme=cast.programme, name="Past", year=cast.today.year - 1, by=cast.cora)
    assert next_of(cora.get(one(past))) == []
    assert page(cora.get(one(past))).startswith("Desk Cycles Past Over Open city")
    assert page(cora.get(one(cast.cycle))).startswith("Desk Cycles First cycle In preparation Open city")
    assert [row[1] for row in rows(cora.get(LIST))] == ["In preparation", "Over"]


def test_only_who_runs_the_cycle_is_told_to_act_and_has_buttons(client, cast):
    for who in ("audrey", "stella", "sofia", "felix"):
        client.force_login(getattr(cast, who))
        answer = client.get(one(cast.cycle))
        assert (next_of(answer), buttons(answer)) == ([], [])


# ------------------------------------------------------------------------------------------------- figures and hosts


def test_every_figure_leads_to_the_list_that_it_counts(cora, cast, harbour):
    actions.withdraw_fellow(fellow=harbour.fellow, left_on=cast.today, reason="Another job.", by=cast.cora)
    actions.invite_fellow(cycle=cast.cycle, name="Noor", replaces=harbour.fellow, by=cast.cora)
    answer = cora.get(one(cast.cycle))
    assert figures(answer) == {"Places": 3, "People": 4, "Placed": 1, "Not placed": 2, "Left": 1, "Replaced": 1}
    for cell in soup(answer).select(".figures li"):
        url, number = cell.a["href"], int(words(cell.select_one(".figures__n")))
        as_file = url + ("&" if "?" in url else "?") + "format=csv"
        assert (len(names(cora.get(url))), len(table_of(cora.get(as_file))) - 1) == (number, number), words(cell)


def test_a_replacement_rewrites_nothing_24_places_25_people_1_left(cast):
    for number in range(23):
        actions.invite_fellow(cycle=cast.cycle, name=f"Fellow {number}", by=cast.cora)
    actions.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="Another job.", by=cast.cora)
    actions.invite_fellow(cycle=cast.cycle, name="Noor", replaces=cast.fellow, by=cast.cora)
    counts = Fellow.objects.filter(cycle=cast.cycle).counts()
    assert (counts.places, counts.people, counts.withdrawn, counts.replaced) == (24, 25, 1, 1)


def test_the_hosts_stand_with_their_agreement_and_who_is_waited_for(cora, cast, harbour, agreement):
    assert rows(cora.get(one(cast.cycle))) == [
        ["Agency", "1", agreement.ref, "Out for signature", "Nora, Sofia"],
        ["Harbour Board", "1", "–", "None", "Draft agreement"],
    ]
    mou_demo.sign(agreement, [cast.sofia, cast.nora])
    until = "until " + date_format(cast.ends, "j M Y")
    assert rows(cora.get(one(cast.cycle)))[0] == ["Agency", "1", agreement.ref, "In force", until]


def test_what_keeps_every_host_from_an_agreement_is_said_once_above_them(client, cast, harbour):
    actions.edit_cycle(cycle=cast.cycle, facts={"starts": None, "ends": None}, by=cast.cora)
    sentence = "The cycle has no first and last day yet. Set them first; the agreement covers them."
    client.force_login(cast.cora)
    answer = client.get(one(cast.cycle))
    assert page(answer).count(sentence) == 1
    assert rows(answer) == [["Agency", "1", "–", "None", "–"], ["Harbour Board", "1", "–", "None", "–"]]
    client.force_login(cast.audrey)
    assert sentence not in page(client.get(one(cast.cycle)))  # who changes nothing is not told to


def test_what_keeps_one_host_from_an_agreement_is_said_in_its_row(cora, cast):
    actions.add_host(cycle=cast.cycle, organisation=cast.ngo, by=cast.cora)
    nobody = "The host is the organisation that signs for the programme; nobody agrees with themselves."
    assert [row[4] for row in rows(cora.get(one(cast.cycle)))] == ["Draft agreement", nobody]


def test_a_hosts_people_see_their_host_alone_and_no_draft(client, cast, harbour, agreement_draft):
    client.force_login(cast.stella)
    answer = client.get(one(cast.cycle))
    assert rows(answer) == [["Agency", "1", "–", "Not in force", "–"]]
    for hidden in ("Harbour", "Hana", "Ines", "Tide tables", agreement_draft.ref, "Cora added"):
        assert hidden not in answer.content.decode()
    assert "Permits without a queue" in page(answer)


def test_a_fellow_sees_where_they_work_and_nobody_else(client, cast, harbour, agreement):
    client.force_login(cast.felix)
    answer = client.get(one(cast.cycle))
    assert rows(answer) == [["Agency", "1", "–", "Not in force", "–"]]
    for hidden in ("Harbour", "Hana", "Ines", "Tide tables", agreement.ref, "Sofia", "Nora"):
        assert hidden not in answer.content.decode()


def test_a_signatory_without_a_view_of_placements_sees_no_names(client, cast, harbour):
    client.force_login(cast.sofia)
    answer = client.get(one(cast.cycle))
    assert [row[0] for row in rows(answer)] == ["Agency"]
    assert "Felix" not in answer.content.decode()
    assert names(client.get(one(cast.cycle, "fellows/"))) == []


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_asks_as_often_for_one_host_and_fellow_as_for_three(cora, cast, agreement, more, django_assert_num_queries):
    for number in range(more):
        board = partnerships.add_organisation(name=f"Board {number}", by=cast.cora)
        host = actions.add_host(cycle=cast.cycle, organisation=board, by=cast.cora)
        actions.draft_host_agreement(host=host, by=cast.cora)
        fellow = actions.invite_fellow(cycle=cast.cycle, name=f"Fellow {number}", by=cast.cora)
        actions.add_placement(fellow=fellow, host=host, by=cast.cora)
    with django_assert_num_queries(47):
        cora.get(one(cast.cycle))


# ------------------------------------------------------------------------------------------------- publish


def test_publishing_shows_first_what_the_public_will_see(cora, cast, harbour):
    asked = cora.get(one(cast.cycle, "publish/"))
    text = page(asked)
    assert "Publish First cycle?" in text
    assert "Harbour 1 fellow. Tide tables" in text
    assert ("Hana" in text, "Felix" in text) == (False, False)
    answer = cora.post(one(cast.cycle, "publish/"), {"publish": "yes"}, follow=True)
    assert said(answer) == ["First cycle is public from now on."]
    cast.cycle.refresh_from_db()
    assert cast.cycle.state == CycleState.PUBLISHED
    taken = cora.post(one(cast.cycle, "publish/"), {"publish": "no"}, follow=True)
    assert said(taken) == ["First cycle is gone from the public pages."]
    cast.cycle.refresh_from_db()
    assert cast.cycle.state == CycleState.PREPARING


@pytest.mark.parametrize("choice", [{}, {"publish": ""}, {"publish": "maybe"}])
def test_without_a_choice_nothing_is_published(cora, cast, choice):
    assert cora.post(one(cast.cycle, "publish/"), choice).status_code == 422
    cast.cycle.refresh_from_db()
    assert cast.cycle.state == CycleState.PREPARING


def test_who_may_see_the_cycle_but_not_run_it_reads_why(client, cast):
    for path in ("edit/", "publish/", "hosts/new/", "fellows/new/"):
        for who in ("stella", "audrey", "felix"):
            client.force_login(getattr(cast, who))
            answer = client.post(one(cast.cycle, path), {"publish": "yes"})
            assert (answer.status_code, reason(answer)) == (403, "Only a coordinator of the programme may do that.")
        client.force_login(cast.otto)
        assert client.post(one(cast.cycle, path)).status_code == 404
