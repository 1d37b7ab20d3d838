"""Placements at the desk: who sees which, placing somebody, planning, starting under an agreement, ending."""

from datetime import date, timedelta

import pytest
from django.db import connection

from core import public
from core.access import HOUSE
from fellowships import actions
from fellowships.models import Placement, Project
from fellowships.states import PlacementState
from mou import actions as mou
from mou import demo as mou_demo
from partnerships import actions as partnerships
from tests.reading import buttons, names, next_of, options, page, problems, reason, rows, said, soup, table_of, typed, words

LIST = "/desk/placements/"
BLOCKED = "There is no agreement with Agency. Nothing starts before both sides have signed one."


def one(placement, path: str = "") -> str:
    return f"{LIST}{placement.ref}/{path}"


def place(fellow) -> str:
    return f"/desk/fellows/{fellow.ref}/place/"


def recorded(cast) -> Placement:
    """As an import leaves it: no action makes one by hand."""
    Placement.objects.filter(pk=cast.placement.pk).update(state=PlacementState.RECORDED)
    return cast.placement


# ------------------------------------------------------------------------------------------------- who sees which


def test_each_sees_the_placements_at_their_organisation_and_their_own(client, cast, harbour):
    listed, filed, opened = {}, {}, {}
    for who in (cast.cora, cast.audrey, cast.stella, harbour.hugo, cast.felix, harbour.ines, cast.sofia, cast.otto):
        client.force_login(who)
        listed[str(who)] = names(client.get(LIST))
        filed[str(who)] = [line[1] for line in table_of(client.get(LIST + "?format=csv"))[1:]]
        both = [cast.placement, harbour.placement]
        opened[str(who)] = [str(each.fellow) for each in both if client.get(one(each)).status_code == 200]
    assert listed == filed == opened
    assert listed == {
        "Cora": ["Felix", "Hana"],
        "Audrey": ["Felix", "Hana"],
        "Stella": ["Felix"],
        "Hugo": ["Hana"],
        "Felix": ["Felix"],
        "Ines": [],
        "Sofia": [],
        "Otto": [],
    }


def test_filters_offer_and_find_nothing_of_another_host(client, cast, harbour):
    client.force_login(cast.stella)
    answer = client.get(LIST)
    assert (options(answer, "host"), options(answer, "cycle")) == (["Agency"], ["First cycle, Open city"])
    for asked in (f"?host={harbour.board.ref}", "?words=Hana", "?words=tide"):
        assert names(client.get(LIST + asked)) == []
        assert "1 placement" not in page(client.get(LIST + asked)).replace("of 1", "")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?words=tide", ["Hana"]),
        ("?words=agency", ["Felix"]),
        ("?state=planned", ["Felix", "Hana"]),
        ("?state=active", []),
        ("?start=due", ["Hana"]),
        ("?start=due&words=felix", []),
        ("?sort=-fellow", ["Hana", "Felix"]),
        ("?sort=starts", ["Hana", "Felix"]),
        ("?sort=fellow__person__user__password", ["Felix", "Hana"]),
        ("?sort=agreement__terms", ["Felix", "Hana"]),
        ("?state=zebra", []),
        ("?cycle=zebra", []),
        ("?words=%00", []),
    ],
)
def test_filters_live_in_the_address_and_the_file_has_the_same_lines(cora, cast, harbour, asked, found):
    soon = cast.today + timedelta(days=14)
    actions.edit_placement(placement=harbour.placement, facts={"starts": soon}, by=cast.cora)
    assert names(cora.get(LIST + asked)) == found
    assert [line[1] for line in table_of(cora.get(LIST + asked + "&format=csv"))[1:]] == found


def test_the_list_says_how_each_stands_by_the_day_and_the_file_says_the_same(cora, cast, harbour, agreement_in_force):
    actions.edit_placement(placement=harbour.placement, facts={"starts": cast.today}, by=cast.cora)
    far = actions.invite_fellow(cycle=cast.cycle, name="Zoe", by=cast.cora)
    actions.add_placement(fellow=far, host=harbour.host, by=cast.cora)
    assert [row[:2] for row in rows(cora.get(LIST))] == [
        ["Felix Permits without a queue", "Planned"],
        ["Hana Tide tables", "Blocked"],
        ["Zoe", "Unsigned"],
    ]
    assert [line[9] for line in table_of(cora.get(LIST + "?format=csv"))[1:]] == ["Planned", "Blocked", "Unsigned"]


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_one_placement_as_for_three(cora, cast, more, django_assert_num_queries):
    for number in range(more):
        fellow = actions.invite_fellow(cycle=cast.cycle, name=f"Fellow {number}", by=cast.cora)
        actions.add_placement(fellow=fellow, host=cast.host, by=cast.cora)
    with django_assert_num_queries(12):
        cora.get(LIST)


# ------------------------------------------------------------------------------------------------- placing


def test_somebody_is_placed_for_a_project_of_the_host(cora, cast, harbour):
    shown = cora.get(place(harbour.unplaced))
    assert options(shown, "host") == ["Agency", "Harbour Board"]
    assert options(shown, "project") == ["Permits without a queue", "Tide tables"]
    answer = cora.post(place(harbour.unplaced), {"host": harbour.host.ref, "project": harbour.project.ref}, follow=True)
    made = Placement.objects.get(fellow=harbour.unplaced)
    assert answer.redirect_chain == [(one(made), 302)]
    assert said(answer) == ["Ines is to work at Harbour Board."]
    assert (made.host, made.project, made.starts, made.state) == (harbour.host, harbour.project, None, "planned")


def test_a_new_project_is_written_down_with_the_placement_and_by_a_second_click_once(cora, cast, harbour):
    facts = {"host": harbour.host.ref, "title": "Ferry times", "problem": "Nobody knows when the ferry goes."}
    cora.post(place(harbour.unplaced), facts)
    again = cora.post(place(harbour.unplaced), facts)
    assert problems(again) == ["Ines is placed at Harbour Board for this project already."]
    (project,) = Project.objects.filter(title="Ferry times")
    assert (project.organisation, project.problem) == (harbour.board, "Nobody knows when the ferry goes.")
    assert project.status == "proposed"
    assert Placement.objects.filter(fellow=harbour.unplaced).count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"host": ""}, "Host: Choose one."),
        ({"host": "2222222222"}, "Host: Choose one of the list."),
        ({"project": "2222222222"}, "Project: Choose one of the list."),
        ({"project": "own", "host": "harbour"}, "Project: Agency offers this project, not Harbour Board."),
        (
            {"project": "own", "title": "Another"},
            "Title of a new project: Choose a project or write the title of a new one, not both.",
        ),
        (
            {"problem": "People wait."},
            "Title of a new project: Give the new project a title, or empty the problem: it is written for a new one.",
        ),
        ({"title": "x" * 100_000}, "Title of a new project: Write at most 300 characters; there are 100000."),
        ({"starts": "2030-02-01", "ends": "2030-01-31"}, "Last day: The last day cannot lie before the first, 1 February 2030."),
        ({"starts": "0001-01-01"}, "First day: Write a day from 1 January 1990 to 31 December 2100."),
        ({"starts": "2099-01-01"}, "Last day: Write a last day: the cycle ends before the first day of this placement."),
        ({"ends": "1999-01-01"}, "First day: Write a first day: the cycle begins after the last day of this placement."),
    ],
)
def test_what_cannot_be_is_said_and_nobody_is_placed(cora, cast, harbour, change, sentence):
    change = {name: {"own": cast.project.ref, "harbour": harbour.host.ref}.get(value, value) for name, value in change.items()}
    answer = cora.post(place(harbour.unplaced), {"host": cast.host.ref} | change)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert not Placement.objects.filter(fellow=harbour.unplaced).exists()
    assert not Project.objects.filter(title="Another").exists()


def test_hosts_and_projects_of_another_cycle_or_programme_are_no_choice(cora, cast, harbour):
    other = actions.open_cycle(programme=cast.programme, name="Other cycle", by=cast.cora)
    elsewhere = actions.add_host(cycle=other, organisation=cast.elsewhere, by=cast.cora)
    foreign = partnerships.open_programme(name="Foreign", coordinator=cast.cora.person, by=HOUSE)
    theirs = actions.add_project(programme=foreign, title="Theirs", by=cast.cora)
    assert problems(cora.post(place(harbour.unplaced), {"host": elsewhere.ref})) == ["Host: Choose one of the list."]
    answer = cora.post(place(harbour.unplaced), {"host": cast.host.ref, "project": theirs.ref})
    assert problems(answer) == ["Project: Choose one of the list."]


def test_without_a_host_the_page_says_where_one_is_added(cora, cast):
    bare = actions.open_cycle(programme=cast.programme, name="Bare", by=cast.cora)
    ada = actions.invite_fellow(cycle=bare, name="Ada", by=cast.cora)
    assert "The cycle has no host yet" in page(cora.get(place(ada)))


# ------------------------------------------------------------------------------------------------- the gate


def test_the_button_is_there_with_the_reason_beside_it_and_by_address_it_is_403_with_the_same(cora, cast):
    answer = cora.get(one(cast.placement))
    assert next_of(answer) == ["The placement cannot start yet", BLOCKED]
    (button,) = soup(answer).select(".next button")
    assert (words(button), button["aria-disabled"], button["type"]) == ("Start the placement", "true", "button")
    assert words(soup(answer).find(id=button["aria-describedby"])) == BLOCKED
    for ask in (cora.get, cora.post):
        refused = ask(one(cast.placement, "start/"))
        assert (refused.status_code, reason(refused)) == (403, BLOCKED)


def test_the_reason_names_who_has_not_signed_and_changes_with_each_signature(cora, cast, agreement):
    missing = f"Agreement {agreement.ref} is not signed yet. Missing: "
    assert next_of(cora.get(one(cast.placement)))[1] == missing + "Nora for NGO; Sofia for Agency."
    mou_demo.sign(agreement, [cast.sofia])
    assert next_of(cora.get(one(cast.placement)))[1] == missing + "Nora for NGO."
    mou_demo.sign(agreement, [cast.nora])
    answer = cora.get(one(cast.placement))
    assert next_of(answer)[0] == "The placement can start"
    assert agreement.ref in page(answer)


def test_it_starts_after_it_was_asked_and_its_days_are_fixed(cora, cast, agreement_in_force):
    asked = page(cora.get(one(cast.placement, "start/")))
    assert "Start the placement of Felix?" in asked
    assert agreement_in_force.ref in asked
    answer = cora.post(one(cast.placement, "start/"), follow=True)
    assert said(answer) == [f"The placement of Felix is active, under agreement {agreement_in_force.ref}."]
    cast.placement.refresh_from_db()
    assert (cast.placement.state, cast.placement.starts, cast.placement.agreement) == (
        "active", cast.starts, agreement_in_force,
    )  # fmt: skip
    assert reason(cora.post(one(cast.placement, "start/"))) == "Only a planned placement starts."


def test_when_the_database_itself_refuses_the_page_says_so_in_a_sentence(cora, cast, agreement_in_force):
    """The rule and the trigger say the same; should they ever differ, nobody sees an error page."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mou_agreement SET ends = starts WHERE id = %s", [agreement_in_force.pk])
        cursor.execute("UPDATE fellowships_placement SET starts = %s, ends = %s", [cast.starts, cast.starts])
        refuse = "CREATE TRIGGER sterner BEFORE UPDATE ON fellowships_placement WHEN NEW.state = 'active' BEGIN {} END"
        cursor.execute(refuse.format("SELECT RAISE(ABORT, 'active_needs_agreement');"))
    answer = cora.post(one(cast.placement, "start/"))
    sentence = "Nothing starts before an agreement that covers every day of it is in force."
    assert (answer.status_code, reason(answer)) == (403, sentence)
    cast.placement.refresh_from_db()
    assert cast.placement.state == "planned"


def test_the_page_leads_to_what_would_let_it_start(cora, cast):
    assert buttons(cora.get(one(cast.placement))) == [
        "Change",
        "End the placement",
        "Draft the agreement",
        "Open the handover plan",
    ]
    draft = actions.draft_host_agreement(host=cast.host, by=cast.cora)
    assert buttons(cora.get(one(cast.placement))) == [
        "Change",
        "End the placement",
        f"Open {draft.ref}",
        "Open the handover plan",
    ]
    mou.withdraw_agreement(agreement=draft, reason="Not like this.", by=cast.cora)
    assert buttons(cora.get(one(cast.placement))) == [
        "Change",
        "End the placement",
        "Draft the agreement",
        "Open the handover plan",
    ]


def test_a_fellow_sees_their_own_with_the_supervisor_and_what_it_waits_for_but_not_who_has_not_signed(client, cast, agreement):
    client.force_login(cast.felix)
    answer = client.get(one(cast.placement))
    text = page(answer)
    assert "Your placement at Agency" in text
    assert "Supervisor Stella" in text
    sentence = "The agreement with Agency is not in force yet. The programme sees to it."
    assert next_of(answer) == ["The placement cannot start yet", sentence]
    assert buttons(answer) == []
    for hidden in (agreement.ref, "Sofia", "Nora"):
        assert hidden not in answer.content.decode()


def test_a_supervisor_reads_who_has_not_signed_once_the_agreement_is_theirs_to_read(client, cast, agreement):
    client.force_login(cast.stella)
    answer = client.get(one(cast.placement))
    assert next_of(answer)[1] == f"Agreement {agreement.ref} is not signed yet. Missing: Nora for NGO; Sofia for Agency."
    assert buttons(answer) == []


def test_who_may_see_it_and_not_run_it_reads_why_and_others_find_nothing(client, cast, harbour, agreement_in_force):
    for who in (cast.stella, cast.audrey, cast.felix):
        client.force_login(who)
        for path in ("plan/", "start/", "withdraw/"):
            answer = client.post(one(cast.placement, path))
            assert (answer.status_code, reason(answer)) == (403, "Only a coordinator of the programme may do that.")
    for who in (harbour.hugo, cast.otto, cast.rita, cast.sofia):
        client.force_login(who)
        for path in ("", "plan/", "start/", "withdraw/"):
            assert client.get(one(cast.placement, path)).status_code == 404
            assert client.post(one(cast.placement, path)).status_code == 404
    cast.placement.refresh_from_db()
    assert cast.placement.state == "planned"


# ------------------------------------------------------------------------------------------------- plan and end


def test_a_public_page_that_shows_it_follows_when_it_is_planned(cast):
    placement, before = recorded(cast), public.generation()
    actions.plan_placement(placement=placement, by=cast.cora)
    assert public.generation() > before


def test_what_a_list_recorded_is_planned_with_its_days(cora, cast):
    placement = recorded(cast)
    assert next_of(cora.get(one(placement)))[0] == "Recorded from a list"
    shown = cora.get(one(placement, "plan/"))
    assert (typed(shown, "starts"), typed(shown, "ends")) == (cast.starts.isoformat(), cast.ends.isoformat())
    answer = cora.post(one(placement, "plan/"), {"starts": "2030-02-01", "ends": "2030-06-30"}, follow=True)
    assert said(answer) == ["The placement is planned."]
    assert "Cora planned the placement from 1 February 2030 to 30 June 2030." in page(answer)
    placement.refresh_from_db()
    assert (placement.state, placement.starts, placement.ends) == ("planned", date(2030, 2, 1), date(2030, 6, 30))
    assert reason(cora.get(one(placement, "plan/"))) == "The placement is planned already, or over."


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"starts": "", "ends": "2030-06-30"}, "First day: Fill this in."),
        ({"starts": "2030-07-01", "ends": "2030-06-30"}, "Last day: The last day cannot lie before the first, 1 July 2030."),
        ({"starts": "2030-01-01", "ends": "9999-12-31"}, "Last day: Write a day from 1 January 1990 to 31 December 2100."),
    ],
)
def test_days_that_cannot_be_are_said(cora, cast, days, sentence):
    answer = cora.post(one(recorded(cast), "plan/"), days)
    assert (answer.status_code, problems(answer)) == (422, [sentence])


def test_a_placement_ends_and_the_fellow_still_takes_part(cora, cast):
    assert "This cannot be taken back." in page(cora.get(one(cast.placement, "withdraw/")))
    ended = {"ended_on": cast.today, "reason": "The project stopped."}
    answer = cora.post(one(cast.placement, "withdraw/"), ended, follow=True)
    assert said(answer) == [f"The placement ended on {cast.today:%-d %B %Y}. It stays on record."]
    assert next_of(answer) == []
    cast.fellow.refresh_from_db()
    assert cast.fellow.state == "takes_part"
    assert reason(cora.post(one(cast.placement, "withdraw/"), ended)) == "The placement was ended already."
    later = cast.today + timedelta(days=1)
    again = actions.add_placement(fellow=cast.fellow, host=cast.host, by=cast.cora)
    refused = cora.post(one(again, "withdraw/"), {"ended_on": later, "reason": "x" * 301})
    assert problems(refused) == [
        "Last day: That day has not come yet. Record it on the day: it takes effect at once.",
        "Reason: Write at most 300 characters; there are 301.",
    ]


# ------------------------------------------------------------------------------------------------- where one is made


def made_where(answer) -> list[tuple[str, str]]:
    """What the list says of people who are not placed, and where it leads."""
    links = [link for link in soup(answer).select("main a[href]") if "group=unplaced" in link["href"]]
    return [(words(link), link["href"]) for link in links]


def test_the_list_leads_to_who_is_not_placed_in_the_cycles_that_one_runs(client, cast, harbour):
    past = actions.open_cycle(programme=cast.programme, name="Past", year=cast.today.year - 1, by=cast.cora)
    actions.invite_fellow(cycle=past, name="Old", by=cast.cora)
    client.force_login(cast.cora)
    answer = client.get(LIST)
    assert "A placement is made on the page of the fellow" in page(answer)
    people = f"/desk/cycles/{cast.cycle.ref}/fellows/?group=unplaced"
    assert made_where(answer) == [("1 fellow of First cycle is not placed", people)]
    assert names(client.get(people)) == ["Ines"]
    actions.add_placement(fellow=harbour.unplaced, host=harbour.host, by=cast.cora)
    assert made_where(client.get(LIST)) == []
    for who in (cast.audrey, cast.stella, cast.nora, cast.felix):
        client.force_login(who)
        answer = client.get(LIST)
        assert made_where(answer) == []
        assert "A placement is made on" not in page(answer)


def test_an_empty_list_leads_there_as_well(cora, cast):
    Placement.objects.all().delete()
    answer = cora.get(LIST)
    assert "Nobody is placed yet" in page(answer)
    assert buttons(answer) == ["Place 1 fellow of First cycle"]
    actions.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="Another job.", by=cast.cora)
    assert buttons(cora.get(LIST)) == ["To the cycles"]
