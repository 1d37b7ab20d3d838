"""The people whose sign-in one looks after: the list, and one of them."""

import pytest

from accounts import actions
from core.access import HOUSE
from partnerships import actions as partnerships
from tests.conftest import sign_in_for
from tests.reading import buttons, names, next_of, page, reason, rows, table_of

LIST = "/desk/people/"


def of(user, way: str = "") -> str:
    return f"/desk/people/{user.person.ref}/{way}"


def test_an_administrator_sees_everybody_and_a_coordinator_the_people_of_organisations(client, cast, ada):
    client.force_login(ada)
    everybody = ["Ada", "Amir", "Audrey", "Carol", "Cora", "Edna", "Felix", "Nora", "Otto", "Rita", "Sofia", "Stella"]
    assert names(client.get(LIST)) == everybody
    client.force_login(cast.cora)
    assert names(client.get(LIST)) == ["Amir", "Nora", "Otto", "Rita", "Sofia", "Stella"]


@pytest.mark.parametrize("who", ["nora", "sofia", "audrey", "edna", "felix", "otto", "rita", "rooth"])
def test_nobody_else_sees_the_list_or_anybody_on_it(client, cast, who):
    client.force_login(getattr(cast, who))
    assert reason(client.get(LIST)) == "Only administrators and coordinators see this list."
    assert client.get(LIST + "?format=csv").status_code == 403
    for way in ("", "deactivate/", "reactivate/", "address/"):
        for ask in (client.get, client.post):
            assert ask(of(cast.amir, way)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?words=SOFIA", ["Sofia"]),
        ("?words=stella%40example", ["Stella"]),
        ("?sign_in=deactivated", ["Rita"]),
        ("?sign_in=no_password", ["Ivy Lund"]),
        ("?sign_in=none", ["Paper"]),
        ("?sign_in=open&words=amir", ["Amir"]),
        ("?sign_in=zebra", []),
        ("?words=%00", []),
        ("?words=amir&sort=-email", ["Amir"]),
    ],
)
def test_filters_live_in_the_address_and_the_file_has_the_same_lines(client, cast, ada, asked, found):
    actions.add_person(name="Paper", by=HOUSE)
    partnerships.invite_member(organisation=cast.ngo, name="Ivy Lund", email="ivy@example.org", role="official", by=cast.cora)
    actions.deactivate_sign_in(person=cast.rita.person, reason="Left.", by=ada)
    client.force_login(ada)
    assert names(client.get(LIST + asked)) == found
    assert [line[1] for line in table_of(client.get(f"{LIST}{asked}&format=csv"))[1:]] == found


def test_a_line_says_how_the_sign_in_stands(client, cast, ada):
    actions.deactivate_sign_in(person=cast.rita.person, reason="Left.", by=ada)
    client.force_login(ada)
    assert rows(client.get(f"{LIST}?words=rita")) == [["Rita", "rita@example.org", "Deactivated", "never"]]
    assert rows(client.get(f"{LIST}?words=amir")) == [["Amir", "amir@example.org", "Open", "never"]]


@pytest.mark.parametrize("more", [0, 2])
def test_a_list_asks_as_often_for_twelve_as_for_fourteen(client, ada, more, django_assert_num_queries):
    for number in range(more):
        sign_in_for(f"p{number}")
    client.force_login(ada)
    with django_assert_num_queries(8):
        client.get(LIST)


def test_a_persons_page_says_how_they_sign_in_what_they_hold_and_what_happened(client, cast, ada):
    client.force_login(ada)
    answer = client.get(of(cast.nora))
    text = page(answer)
    for fact in ("Nora", "nora@example.org", "Roles NGO Lead since", "NGO Signatory since", "The system opened a sign-in."):
        assert fact in text
    assert buttons(answer) == ["Keep the name off public pages", "Copy of all data", "Erase", "Deactivate the sign-in"]
    assert "The address stays as it is. Nora acts or acted for others: Signatory of NGO." in text


def test_it_names_a_role_only_to_who_sees_what_it_is_a_role_in(client, cast, ada):
    other = partnerships.open_programme(name="Other", coordinator=cast.amir.person, by=HOUSE)
    client.force_login(cast.cora)
    assert "Roles Agency Legal reviewer" in page(client.get(of(cast.amir)))
    assert other.name not in page(client.get(of(cast.amir)))
    client.force_login(ada)
    assert "Other Programme coordinator" in page(client.get(of(cast.amir)))


def test_who_never_came_in_and_who_has_no_sign_in_are_told_apart(client, cast, ada):
    made = partnerships.invite_member(organisation=cast.ngo, name="Ivy", email="ivy@example.org", role="official", by=cast.cora)
    client.force_login(cast.cora)
    assert next_of(client.get(f"/desk/people/{made.person.ref}/"))[0] == "Nobody has come in with this address yet"
    paper = actions.add_person(name="Paper", by=HOUSE)
    partnerships.add_member(organisation=cast.ngo, person=paper, role="official", by=HOUSE)
    answer = client.get(f"/desk/people/{paper.ref}/")
    assert "This person is on record and has no sign-in." in page(answer)
    assert buttons(answer) == ["Keep the name off public pages"]


@pytest.mark.parametrize("more", [0, 2])
def test_one_person_asks_as_often_with_one_role_as_with_three(client, cast, ada, more, django_assert_num_queries):
    for role in ("lead", "sponsor")[:more]:
        partnerships.add_member(organisation=cast.agency, person=cast.amir.person, role=role, by=HOUSE)
    client.force_login(ada)
    with django_assert_num_queries(28):
        client.get(of(cast.amir))
