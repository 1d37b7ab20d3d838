"""Programmes at the desk: the list, one of them, and opening one."""

import pytest

from core.access import HOUSE
from core.audit import history
from core.inbox import waiting_for
from partnerships import actions
from partnerships.models import Programme, ProgrammeRole
from tests.conftest import sign_in_for
from tests.reading import buttons, names, next_of, options, page, problems, reason, rows, said, soup, table_of, title, typed

LIST, NEW = "/desk/programmes/", "/desk/programmes/new/"


def of(programme: Programme, way: str = "") -> str:
    return f"/desk/programmes/{programme.ref}/{way}"


@pytest.fixture
def harbour(cast) -> Programme:
    """Another programme, which nobody runs and nobody signs for."""
    return actions.open_programme(name="Harbour residency", by=HOUSE)


# ------------------------------------------------------------------------------------------------- the list


def test_an_administrator_sees_every_programme_and_others_those_they_have_a_part_in(client, cast, ada, harbour):
    seen = {}
    for who in ("cora", "audrey", "nora", "edna", "sofia", "felix", "otto", "rooth"):
        client.force_login(getattr(cast, who))
        seen[who] = names(client.get(LIST))
    client.force_login(ada)
    assert names(client.get(LIST)) == ["Harbour residency", "Open city"]
    assert {who for who, found in seen.items() if found == ["Open city"]} == {"cora", "audrey", "nora"}
    assert {who for who, found in seen.items() if found == []} == {"edna", "sofia", "felix", "otto", "rooth"}


def test_a_line_says_who_signs_and_who_coordinates_and_what_is_missing(client, cast, ada, harbour):
    client.force_login(ada)
    assert [row[:3] for row in rows(client.get(LIST))] == [
        ["Harbour residency", "Not chosen", "Nobody"],
        ["Open city", "NGO", "Cora"],
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?words=har+res", ["Harbour residency"]),
        ("?words=ngo", ["Open city"]),
        ("?lacks=coordinator", ["Harbour residency"]),
        ("?lacks=organisation", ["Harbour residency"]),
        ("?organisation={ngo}", ["Open city"]),
        ("?organisation=2222222222", []),
        ("?lacks=everything", []),
        ("?words=%00", []),
        ("?sort=-name", ["Open city", "Harbour residency"]),
        ("?sort=programmerole__person__user__password", ["Harbour residency", "Open city"]),
    ],
)
def test_filters_live_in_the_address_and_the_file_has_the_same_lines(client, cast, ada, harbour, asked, found):
    client.force_login(ada)
    asked = asked.format(ngo=cast.ngo.ref)
    assert names(client.get(LIST + asked)) == found
    assert [line[1] for line in table_of(client.get(f"{LIST}{asked}&format=csv"))[1:]] == found


def test_a_filter_tells_nothing_of_a_programme_that_is_not_theirs(client, cast, harbour):
    actions.edit_programme(programme=harbour, organisation=cast.elsewhere, calendar="", time_zone="UTC", by=HOUSE)
    client.force_login(cast.cora)
    assert options(client.get(LIST), "organisation") == ["NGO"]
    assert names(client.get(f"{LIST}?words=harbour")) == []


def test_the_file_says_who_signs_and_who_coordinates(client, cast, ada):
    client.force_login(ada)
    head, line = table_of(client.get(LIST + "?format=csv"))
    assert head[:4] == ["Reference", "Programme", "Organisation that signs", "Coordinators"]
    assert line[:4] == [cast.programme.ref, "Open city", "NGO", "Cora"]


def test_an_empty_list_says_what_comes_next_to_who_may_do_it_and_to_who_may_not(client, cast, ada):
    ProgrammeRole.objects.all().delete()
    Programme.objects.exclude(pk=cast.programme.pk).delete()
    client.force_login(cast.otto)
    assert "You have no part in a programme at present" in page(client.get(LIST))
    assert buttons(client.get(LIST)) == []


@pytest.mark.parametrize("more", [0, 2])
def test_a_list_asks_as_often_for_one_programme_as_for_three(client, cast, ada, more, django_assert_num_queries):
    for number in range(more):
        actions.open_programme(name=f"No. {number}", coordinator=cast.cora.person, by=HOUSE)
    client.force_login(ada)
    with django_assert_num_queries(11):
        client.get(LIST)


# ------------------------------------------------------------------------------------------------- one programme


def test_its_page_says_who_holds_which_role_who_signs_what_it_has_and_what_happened(client, cast):
    client.force_login(cast.cora)
    answer = client.get(of(cast.programme))
    assert [row[:2] for row in rows(answer)] == [["Audrey", "Auditor"], ["Cora", "Programme coordinator"], ["Edna", "Editor"]]
    text = page(answer)
    for fact in ("Who signs NGO", "Cycles First cycle", "The system made Cora Programme coordinator.", "NGO signs for it"):
        assert fact in text
    assert buttons(answer) == ["Change"] and next_of(answer) == []


def test_ended_roles_stand_below_as_history(client, cast, ada):
    actions.end_programme_role(role=ProgrammeRole.objects.get(person=cast.edna.person), by=ada)
    client.force_login(cast.audrey)
    answer = client.get(of(cast.programme))
    assert [row[0] for row in rows(answer)] == ["Audrey", "Cora"]
    assert "Roles that have ended Edna, Editor" in page(answer)


def test_an_administrator_reads_addresses_and_the_others_do_not(client, cast, ada):
    client.force_login(ada)
    assert rows(client.get(of(cast.programme)))[0][0] == "Audrey audrey@example.org"
    for who in (cast.cora, cast.audrey, cast.nora):
        client.force_login(who)
        assert "@example.org" not in page(client.get(of(cast.programme)))


def test_an_administrator_reads_nothing_of_what_is_in_a_programme(client, cast, ada, agreement):
    client.force_login(ada)
    text = page(client.get(of(cast.programme)))
    assert "First cycle" not in text and agreement.ref not in text
    for closed in (f"/desk/cycles/{cast.cycle.ref}/", f"/desk/agreements/{agreement.ref}/", f"/desk/fellows/{cast.fellow.ref}/"):
        assert client.get(closed).status_code == 404


def test_who_acts_next_stands_at_the_top(client, cast, ada, harbour):
    client.force_login(ada)
    answer = client.get(of(harbour))
    assert next_of(answer)[0] == "Nobody coordinates this programme" and "Name a coordinator" in buttons(answer)
    (name,) = [each["href"] for each in soup(answer).select(".next a")]
    assert [each["value"] for each in soup(client.get(name)).select("input[name=role][checked]")] == ["coordinator"]
    actions.give_programme_role(programme=harbour, person=cast.otto.person, role="coordinator", by=ada)
    assert next_of(client.get(of(harbour)))[0] == "Nobody signs for this programme yet"
    client.force_login(cast.otto)
    assert "Choose it" in buttons(client.get(of(harbour)))


def test_a_programme_that_nobody_runs_waits_on_the_desk_of_administrators_alone(client, cast, ada, harbour):
    sentence = "Name a coordinator: Harbour residency"
    assert [item.sentence for item in waiting_for(ada)] == [sentence]
    for who in (cast.cora, cast.audrey, cast.nora, cast.felix, cast.rooth):
        assert sentence not in [item.sentence for item in waiting_for(who)]
    client.force_login(ada)
    (leads,) = [item.url for item in waiting_for(ada)]
    assert client.get(leads).status_code == 200
    actions.give_programme_role(programme=harbour, person=cast.otto.person, role="coordinator", by=ada)
    assert waiting_for(ada) == []


def test_a_programme_for_which_nobody_signs_waits_on_the_desk_of_who_runs_it(client, cast, ada, harbour):
    sentence = "Choose who signs for Harbour residency"
    actions.give_programme_role(programme=harbour, person=cast.otto.person, role="coordinator", by=ada)
    (found,) = [item for item in waiting_for(cast.otto) if item.sentence == sentence]
    client.force_login(cast.otto)
    assert client.get(found.url).status_code == 200
    for who in (ada, cast.cora, cast.audrey, cast.nora, cast.felix, cast.rooth):
        assert sentence not in [item.sentence for item in waiting_for(who)]
    actions.edit_programme(programme=harbour, organisation=cast.ngo, calendar="", time_zone="UTC", by=cast.otto)
    assert sentence not in [item.sentence for item in waiting_for(cast.otto)]


def test_of_a_programme_that_is_not_theirs_somebody_learns_nothing(client, cast, harbour):
    for who in ("cora", "sofia", "felix", "otto", "rita", "edna", "rooth"):
        client.force_login(getattr(cast, who))
        for way in ("", "edit/", "roles/new/"):
            assert client.get(of(harbour, way)).status_code == client.post(of(harbour, way)).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_one_programme_asks_as_often_with_three_roles_as_with_five(client, cast, ada, more, django_assert_num_queries):
    for number in range(more):
        actions.give_programme_role(programme=cast.programme, person=sign_in_for(f"p{number}").person, role="editor", by=ada)
    client.force_login(cast.cora)
    with django_assert_num_queries(17):
        client.get(of(cast.programme))


# ------------------------------------------------------------------------------------------------- opening one


def test_an_administrator_opens_one_and_is_led_to_naming_a_coordinator(client, cast, ada):
    client.force_login(ada)
    answer = client.post(NEW, {"name": "Harbour residency", "organisation": cast.ngo.ref}, follow=True)
    assert said(answer) == ["Harbour residency is open. Nobody coordinates it yet: name somebody."]
    opened = Programme.objects.get(name="Harbour residency")
    assert (opened.organisation, history(opened)[0].text) == (cast.ngo, "Ada opened the programme.")
    assert next_of(answer)[0] == "Nobody coordinates this programme"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Name: Fill this in."),
        ({"name": "open CITY"}, "Name: There is a programme of this name already."),
        ({"name": "x" * 201}, "Name: Write at most 200 characters; there are 201."),
        ({"organisation": "2222222222"}, "Organisation that signs for the programme: Choose one of the list."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost_or_opened(client, cast, ada, change, sentence):
    client.force_login(ada)
    asked = {"name": "Harbour residency", "organisation": ""} | change
    answer = client.post(NEW, asked)
    assert (answer.status_code, problems(answer), typed(answer, "name")) == (422, [sentence], asked["name"])
    assert title(answer).startswith("Error: ") and Programme.objects.count() == 1


def test_a_second_click_opens_nothing_more(client, ada):
    client.force_login(ada)
    answers = [client.post(NEW, {"name": "Harbour residency"}).status_code for _click in range(2)]
    assert answers == [302, 422] and Programme.objects.filter(name="Harbour residency").count() == 1


@pytest.mark.parametrize("who", ["cora", "audrey", "nora", "felix", "rooth"])
def test_nobody_else_opens_one_a_superuser_neither(client, cast, who):
    client.force_login(getattr(cast, who))
    for ask in (client.get, client.post):
        assert reason(ask(NEW, {"name": "Mine"})) == "Only an administrator of this site opens a programme."
    assert Programme.objects.count() == 1
