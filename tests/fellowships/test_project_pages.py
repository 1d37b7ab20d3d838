"""Projects at the desk: who sees which, the list, a new one of a host, and what is on record changed."""

import pytest

from core.access import HOUSE
from fellowships import actions
from fellowships.models import Project
from fellowships.states import ProjectStatus
from partnerships import actions as partnerships
from tests.reading import buttons, names, next_of, options, page, problems, reason, rows, said, soup, table_of, typed, words

LIST = "/desk/projects/"


def one(project, path: str = "") -> str:
    return f"{LIST}{project.ref}/{path}"


def add_to(cycle) -> str:
    return f"/desk/cycles/{cycle.ref}/projects/new/"


# ------------------------------------------------------------------------------------------------- who sees which


def test_each_sees_what_their_organisation_offers_or_works_on_and_their_own(client, cast, harbour):
    shared = actions.add_project(programme=cast.programme, title="Shared", by=cast.cora)
    actions.add_placement(fellow=harbour.unplaced, host=harbour.host, project=shared, by=cast.cora)
    listed, filed, opened = {}, {}, {}
    for who in (cast.cora, cast.audrey, cast.nora, cast.sofia, cast.felix, harbour.hugo, harbour.ines, cast.otto, cast.edna):
        client.force_login(who)
        listed[str(who)] = names(client.get(LIST))
        filed[str(who)] = [line[1] for line in table_of(client.get(LIST + "?format=csv"))[1:]]
        every = [cast.project, shared, harbour.project]
        opened[str(who)] = [str(each) for each in every if client.get(one(each)).status_code == 200]
    assert listed == filed == opened
    everything = ["Permits without a queue", "Shared", "Tide tables"]
    assert listed == {
        "Cora": everything,
        "Audrey": everything,
        "Nora": everything,
        "Sofia": ["Permits without a queue"],
        "Felix": ["Permits without a queue"],
        "Hugo": ["Shared", "Tide tables"],
        "Ines": ["Shared"],
        "Otto": [],
        "Edna": [],
    }


def test_what_is_counted_and_named_is_what_the_reader_sees(client, cast, harbour):
    """Two hosts work on the same project: each reads of its own people."""
    shared = actions.add_project(programme=cast.programme, title="Shared", by=cast.cora)
    for fellow, host in [(cast.fellow, cast.host), (harbour.fellow, harbour.host), (harbour.unplaced, harbour.host)]:
        actions.add_placement(fellow=fellow, host=host, project=shared, by=cast.cora)
    seen = {}
    for who in (cast.cora, cast.stella, harbour.hugo, cast.felix):
        client.force_login(who)
        (row,) = [row for row in rows(client.get(LIST)) if row[0] == "Shared"]
        seen[str(who)] = (row[3], names(client.get(one(shared))))
    assert seen == {
        "Cora": ("3", ["Felix", "Hana", "Ines"]),
        "Stella": ("1", ["Felix"]),
        "Hugo": ("2", ["Hana", "Ines"]),
        "Felix": ("1", ["Felix"]),
    }
    client.force_login(cast.stella)
    for hidden in ("Hana", "Ines", "Harbour"):
        assert hidden not in client.get(one(shared)).content.decode()


# ------------------------------------------------------------------------------------------------- the list


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Permits without a queue", "Tide tables"]),
        ("?words=tide", ["Tide tables"]),
        ("?words=eleven+days", ["Permits without a queue"]),
        ("?words=harbour", ["Tide tables"]),
        ("?status=running", ["Tide tables"]),
        ("?status=unknown&words=tide", []),
        ("?status=zebra", []),
        ("?organisation=agency", ["Permits without a queue"]),
        ("?organisation=nobody", []),
        ("?programme=own", ["Permits without a queue", "Tide tables"]),
        ("?programme=zebra", []),
        ("?words=%00", []),
        ("?sort=-title", ["Tide tables", "Permits without a queue"]),
        ("?sort=status", ["Tide tables", "Permits without a queue"]),
        ("?sort=-people", ["Tide tables", "Permits without a queue"]),
        ("?sort=organisation__membership__person__user__password", ["Permits without a queue", "Tide tables"]),
    ],
)
def test_filters_and_order_live_in_the_address_and_the_file_has_the_same_lines(cora, cast, harbour, asked, found):
    actions.edit_project(project=harbour.project, facts={"status": ProjectStatus.RUNNING}, by=cast.cora)
    actions.add_placement(fellow=harbour.unplaced, host=harbour.host, project=harbour.project, by=cast.cora)
    asked = asked.replace("=agency", f"={cast.agency.ref}").replace("=own", f"={cast.programme.ref}")
    assert names(cora.get(LIST + asked)) == found
    assert [line[1] for line in table_of(cora.get(LIST + asked + ("&" if asked else "?") + "format=csv"))[1:]] == found


def test_the_filters_offer_what_is_in_the_list_alone(client, cast, harbour):
    client.force_login(cast.stella)
    answer = client.get(LIST)
    assert options(answer, "programme") == ["Open city"]
    assert options(answer, "organisation") == ["Agency", "Nobody in particular"]


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_one_project_as_for_three(cora, cast, more, django_assert_num_queries):
    for number in range(more):
        board = partnerships.add_organisation(name=f"Board {number}", by=HOUSE)
        project = actions.add_project(programme=cast.programme, title=f"Project {number}", organisation=board, by=cast.cora)
        host = actions.add_host(cycle=cast.cycle, organisation=board, by=cast.cora)
        fellow = actions.invite_fellow(cycle=cast.cycle, name=f"Fellow {number}", by=cast.cora)
        actions.add_placement(fellow=fellow, host=host, project=project, by=cast.cora)
    with django_assert_num_queries(10):
        cora.get(LIST)


@pytest.mark.parametrize("more", [0, 2])
def test_a_project_asks_as_often_for_one_fellow_as_for_three(cora, cast, more, django_assert_num_queries):
    for number in range(more):
        fellow = actions.invite_fellow(cycle=cast.cycle, name=f"Fellow {number}", by=cast.cora)
        actions.add_placement(fellow=fellow, host=cast.host, project=cast.project, by=cast.cora)
    with django_assert_num_queries(14):
        cora.get(one(cast.project))


def test_an_empty_list_says_what_comes_next(client, cast):
    client.force_login(cast.otto)
    assert "No project is yours to see" in page(client.get(LIST))
    partnerships.open_programme(name="Bare", coordinator=cast.otto.person, by=HOUSE)
    answer = client.get(LIST)
    assert "No project is on record yet" in page(answer)
    assert buttons(answer) == ["Import a list", "To the cycles"]


# ------------------------------------------------------------------------------------------------- one of them


def test_the_page_says_the_status_with_the_word_of_the_list_beside_it_and_who_works_on_it(cora, cast):
    Project.objects.filter(pk=cast.project.pk).update(status="stopped", status_as_written="discontinued 2021")
    answer = cora.get(one(cast.project))
    text = page(answer)
    assert "Stopped the list says “discontinued 2021” Open city" in text
    assert "People wait eleven days for an answer that is known on the first." in text
    assert [row[:4] for row in rows(answer)] == [["Felix", "Unsigned", "Agency", "First cycle"]]
    assert "Cora added the project." in text
    assert buttons(answer) == ["Change"]


def test_it_is_reached_from_the_menu_the_cycle_and_the_placement(cora, cast):
    links = {words(link): link["href"] for link in soup(cora.get("/desk/")).select(".rail a")}
    assert links["Projects"] == LIST
    for place in (f"/desk/cycles/{cast.cycle.ref}/", f"/desk/placements/{cast.placement.ref}/"):
        assert one(cast.project) in [link["href"] for link in soup(cora.get(place)).select("main a")]
    aside = [link["href"] for link in soup(cora.get(f"/desk/cycles/{cast.cycle.ref}/")).select(".sec__head a")]
    assert {f"{LIST}?programme={cast.programme.ref}", add_to(cast.cycle)} <= set(aside)


# ------------------------------------------------------------------------------------------------- for the agreement


def test_what_exhibit_1_says_of_it_is_written_with_the_project_and_comes_with_the_next_draft(cora, cast, agreement_draft):
    assert next_of(cora.get(one(cast.project))) == []  # of a project in an old list nobody knows how far it is
    Project.objects.filter(pk=cast.project.pk).update(status=ProjectStatus.PROPOSED)
    shown = page(cora.get(one(cast.project)))
    assert "Who has the problem not recorded" in shown and "Exceptions" not in shown
    assert next_of(cora.get(one(cast.project)))[0] == "Describe it for the agreement"
    assert "You do this next. Exhibit 1 would print “not recorded” for: Who has the problem, What shows" in shown
    form = soup(cora.get(one(cast.project, "edit/"))).select_one("main form")
    facts = {each["name"]: each.get("value") or each.get_text().strip() for each in form.select("input[name], textarea[name]")}
    facts |= {"status": "proposed", "scope-users": "4,000 tradespeople", "scope-reforms": "One form\nOne office"}
    assert said(cora.post(one(cast.project, "edit/"), facts, follow=True)) == ["The changes are saved."]
    shown = page(cora.get(one(cast.project)))
    assert "Who has the problem 4,000 tradespeople" in shown and "Deliverables not recorded" in shown
    assert "Cora changed organisation, description for the agreement." in shown
    text = f"/desk/agreements/{agreement_draft.ref}/text/"
    assert "tradespeople" not in page(cora.get(text))
    cora.post(f"/desk/hosts/{cast.host.ref}/agreement/")
    exhibit = page(cora.get(text))
    assert "Who has the problem 4,000 tradespeople What shows that it is one not recorded" in exhibit
    assert "Reforms the host will carry out One form One office" in exhibit
    assert said(cora.post(one(cast.project, "edit/"), facts, follow=True)) == ["Nothing was different."]
    every = {name: "Said." for name in facts if name.startswith("scope-")}
    cora.post(one(cast.project, "edit/"), facts | every)
    assert next_of(cora.get(one(cast.project))) == []
    cora.post(one(cast.project, "edit/"), facts | {"scope-users": " "})
    assert Project.objects.get(pk=cast.project.pk).scope == {"reforms": "One form\nOne office"}


# ------------------------------------------------------------------------------------------------- a new one


def test_a_host_of_the_cycle_offers_a_new_one(cora, cast, harbour):
    shown = cora.get(add_to(cast.cycle) + f"?host={harbour.host.ref}")
    assert (options(shown, "host"), typed(shown, "host")) == (["Agency", "Harbour Board"], harbour.host.ref)
    facts = {"host": harbour.host.ref, "title": "Ferry times", "status": "proposed", "problem": "Nobody knows.", "link": ""}
    answer = cora.post(add_to(cast.cycle), facts, follow=True)
    made = Project.objects.get(title="Ferry times")
    assert answer.redirect_chain == [(one(made), 302)]
    assert said(answer) == ["Harbour Board offers it from now on."]
    assert (made.programme, made.organisation, made.status) == (cast.programme, harbour.board, "proposed")
    assert "Nobody yet. You choose it on the page of a fellow" in page(answer)


def test_a_second_click_adds_nothing_but_a_namesake_can_be_meant(cora, cast):
    facts = {"host": cast.host.ref, "title": "permits WITHOUT a queue", "status": "running"}
    answer = cora.post(add_to(cast.cycle), facts)
    assert problems(answer) == ["I mean another one with the same name: There is a project of this title already."]
    assert Project.objects.count() == 1
    cora.post(add_to(cast.cycle), facts | {"namesake": "on"})
    assert Project.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"host": ""}, "Host: Choose one."),
        ({"host": "2222222222"}, "Host: Choose one of the list."),
        ({"title": ""}, "Title: Fill this in."),
        ({"title": "x" * 301}, "Title: Write at most 300 characters; there are 301."),
        ({"status": "zebra"}, "Status: Choose one of the list."),
        ({"link": "javascript:alert(1)"}, "Link: Write a web address that begins with https://."),
        ({"problem": "x" * 20_001}, "The problem it is to solve: Write at most 20000 characters; there are 20001."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cora, cast, change, sentence):
    facts = {"host": cast.host.ref, "title": "Ferry times", "status": "proposed", "summary": "When it goes."} | change
    answer = cora.post(add_to(cast.cycle), facts)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert typed(answer, "summary") == "When it goes."
    assert Project.objects.count() == 1


def test_a_host_of_another_cycle_is_no_choice_and_without_one_the_page_says_where_it_is_added(cora, cast):
    bare = actions.open_cycle(programme=cast.programme, name="Bare", by=cast.cora)
    assert "The cycle has no host yet" in page(cora.get(add_to(bare)))
    answer = cora.post(add_to(bare), {"host": cast.host.ref, "title": "Mine", "status": "running"})
    assert answer.status_code == 422
    assert Project.objects.count() == 1


# ------------------------------------------------------------------------------------------------- changed


def everything(project: Project, **change) -> dict[str, str]:
    facts = {
        "title": project.title,
        "organisation": project.organisation.ref if project.organisation else "",
        "status": project.status,
        "problem": project.problem,
    }
    return facts | change


def test_what_is_on_record_is_changed_and_told_in_words(cora, cast):
    Project.objects.filter(pk=cast.project.pk).update(status_as_written="laufend")
    shown = cora.get(one(cast.project, "edit/"))
    assert (typed(shown, "status"), typed(shown, "organisation")) == ("unknown", cast.agency.ref)
    assert "The imported list says “laufend”." in page(shown)
    answer = cora.post(one(cast.project, "edit/"), everything(cast.project, status="running", summary="Ask once."), follow=True)
    assert said(answer) == ["The changes are saved."]
    assert "Cora changed status, summary." in page(answer)
    cast.project.refresh_from_db()
    assert (cast.project.status, cast.project.status_as_written, cast.project.summary) == ("running", "laufend", "Ask once.")
    again = cora.post(one(cast.project, "edit/"), everything(cast.project, summary="Ask once."), follow=True)
    assert said(again) == ["Nothing was different."]


def test_another_offers_it_only_when_nobody_works_on_it_elsewhere(cora, cast, harbour):
    answer = cora.post(one(cast.project, "edit/"), everything(cast.project, organisation=harbour.board.ref))
    assert problems(answer) == ["Offered by: Felix is placed at Agency for it, so Agency offers it."]
    for organisation in ("", cast.agency.ref):
        cora.post(one(cast.project, "edit/"), everything(cast.project, organisation=organisation))
        cast.project.refresh_from_db()
        assert (cast.project.organisation.ref if cast.project.organisation else "") == organisation
    actions.withdraw_placement(placement=cast.placement, ended_on=cast.today, reason="No room.", by=cast.cora)
    cora.post(one(cast.project, "edit/"), everything(cast.project, organisation=harbour.board.ref))
    cast.project.refresh_from_db()
    assert cast.project.organisation == harbour.board


def test_programme_and_the_word_of_the_list_are_not_taken_from_a_post(cora, cast):
    other = partnerships.open_programme(name="Other", coordinator=cast.cora.person, by=HOUSE)
    cora.post(one(cast.project, "edit/"), everything(cast.project, programme=other.ref, status_as_written="done", id=7))
    cast.project.refresh_from_db()
    assert (cast.project.programme, cast.project.status_as_written) == (cast.programme, "")


def test_a_draft_of_the_agreement_that_prints_it_is_behind_then(cora, cast, agreement_draft):
    cora.post(one(cast.project, "edit/"), everything(cast.project, problem="People wait nine days."))
    behind = f"The draft {agreement_draft.ref} has this placement as it was on record before."
    assert behind in page(cora.get(f"/desk/placements/{cast.placement.ref}/"))


def test_who_may_see_it_and_not_run_the_programme_reads_why_and_others_find_nothing(client, cast, harbour):
    for who in (cast.stella, cast.audrey, cast.felix, cast.nora):
        client.force_login(who)
        for ask in (client.get, client.post):
            answer = ask(one(cast.project, "edit/"))
            assert (answer.status_code, reason(answer)) == (403, "You do not coordinate this programme.")
        assert client.post(add_to(cast.cycle)).status_code == 403
        assert buttons(client.get(one(cast.project))) == []
    for who in (harbour.hugo, cast.otto, cast.rita, cast.edna):
        client.force_login(who)
        for path in ("", "edit/"):
            for ask in (client.get, client.post):
                assert ask(one(cast.project, path)).status_code == 404
    assert Project.objects.count() == 2
