"""The people of a cycle: who sees whom, who joins, who leaves and who follows."""

from datetime import timedelta

import pytest

from accounts.models import Invitation, Person, User
from core.models import Message
from fellowships import actions
from fellowships.models import Fellow, Placement
from partnerships import actions as partnerships
from tests.reading import buttons, names, next_of, page, problems, reason, rows, said, soup, table_of, typed

ADA = {"name": "Ada Lind", "email": "ada@example.org", "home": "Saltmere", "skills": "SQL\nservice design"}


def of(cycle, path: str = "") -> str:
    return f"/desk/cycles/{cycle.ref}/fellows/{path}"


def one(fellow, path: str = "") -> str:
    return f"/desk/fellows/{fellow.ref}/{path}"


# ------------------------------------------------------------------------------------------------- who sees whom


def test_each_sees_who_works_at_their_organisation_and_themselves(client, cast, harbour):
    listed, filed, opened = {}, {}, {}
    everybody = [cast.fellow, harbour.fellow, harbour.unplaced]
    for who in (cast.cora, cast.audrey, cast.stella, harbour.hugo, cast.felix, harbour.ines, cast.sofia):
        client.force_login(who)
        listed[str(who)] = names(client.get(of(cast.cycle)))
        filed[str(who)] = [line[1] for line in table_of(client.get(of(cast.cycle) + "?format=csv"))[1:]]
        opened[str(who)] = [str(fellow) for fellow in everybody if client.get(one(fellow)).status_code == 200]
    assert listed == filed == opened
    assert listed == {
        "Cora": ["Felix", "Hana", "Ines"],
        "Audrey": ["Felix", "Hana", "Ines"],
        "Stella": ["Felix"],
        "Hugo": ["Hana"],
        "Felix": ["Felix"],
        "Ines": ["Ines"],
        "Sofia": [],
    }


def test_no_filter_shows_a_name_or_a_number_of_another_host(client, cast, harbour):
    client.force_login(cast.stella)
    for asked in ("", "?words=Hana", "?words=Pier", "?group=placed", "?group=unplaced", "?sort=home"):
        answer = client.get(of(cast.cycle) + asked)
        html = answer.content.decode().replace(asked[1:], "").replace('value="Hana"', "").replace('value="Pier"', "")
        for hidden in ("Hana", "Ines", "Pier", "Tide tables", "3 people", "2 people"):
            assert hidden not in html, (asked, hidden)


def test_on_the_page_of_somebody_with_two_hosts_each_host_sees_its_own_placement(client, cast, harbour):
    actions.add_placement(fellow=cast.fellow, host=harbour.host, project=harbour.project, by=cast.cora)
    client.force_login(cast.stella)
    mine = client.get(one(cast.fellow))
    assert [row[0] for row in rows(mine)] == ["Agency"]
    assert "Harbour" not in mine.content.decode()
    assert table_of(client.get(of(cast.cycle) + "?format=csv"))[1][3:5] == ["Agency", "Permits without a queue"]
    client.force_login(cast.felix)
    assert [row[0] for row in rows(client.get(one(cast.fellow)))] == ["Harbour Board", "Agency"]


def test_who_follows_at_another_host_is_not_named_to_the_first(client, cast, harbour):
    actions.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="Another job.", by=cast.cora)
    noor = actions.invite_fellow(cycle=cast.cycle, name="Noor", replaces=cast.fellow, by=cast.cora)
    actions.add_placement(fellow=noor, host=harbour.host, by=cast.cora)
    client.force_login(cast.stella)
    assert "Noor" not in client.get(one(cast.fellow)).content.decode()
    client.force_login(cast.cora)
    assert "Followed by Noor" in page(client.get(one(cast.fellow)))
    assert "Follows Felix" in page(client.get(one(noor)))


def test_an_ended_role_closes_the_pages_in_an_open_session(client, cast):
    client.force_login(cast.stella)
    assert client.get(one(cast.fellow)).status_code == 200
    (member,) = cast.agency.membership_set.filter(person=cast.stella.person)
    partnerships.end_membership(membership=member, by=cast.cora)
    for url in (one(cast.fellow), of(cast.cycle), f"/desk/cycles/{cast.cycle.ref}/", f"/desk/placements/{cast.placement.ref}/"):
        assert client.get(url).status_code == 404
    assert names(client.get("/desk/placements/")) == []


def test_of_somebody_elses_fellow_nothing_can_be_changed_or_learnt(client, cast, harbour):
    for who in (harbour.hugo, cast.otto, cast.sofia, harbour.ines):
        client.force_login(who)
        for path in ("", "place/", "withdraw/", "replace/"):
            for ask in (client.get, client.post):
                assert ask(one(cast.fellow, path)).status_code == 404
    for who in (cast.stella, cast.felix, cast.audrey):
        client.force_login(who)
        for path in ("place/", "withdraw/", "replace/"):
            answer = client.post(one(cast.fellow, path))
            assert (answer.status_code, reason(answer)) == (403, "Only a coordinator of the programme may do that.")


# ------------------------------------------------------------------------------------------------- the list


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Felix", "Hana", "Ines", "Noor"]),
        ("?group=places", ["Felix", "Hana", "Ines"]),
        ("?group=placed", ["Hana"]),
        ("?group=unplaced", ["Ines", "Noor"]),
        ("?group=withdrawn", ["Felix"]),
        ("?group=replaced", ["Felix"]),
        ("?words=pier", ["Hana"]),
        ("?words=in&group=unplaced", ["Ines"]),
        ("?group=zebra", []),
        ("?sort=-name", ["Noor", "Ines", "Hana", "Felix"]),
        ("?sort=person__user__password", ["Felix", "Hana", "Ines", "Noor"]),
    ],
)
def test_filters_live_in_the_address_and_the_file_has_the_same_lines(cora, cast, harbour, asked, found):
    actions.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="Another job.", by=cast.cora)
    actions.invite_fellow(cycle=cast.cycle, name="Noor", replaces=cast.fellow, by=cast.cora)
    assert names(cora.get(of(cast.cycle) + asked)) == found
    assert [line[1] for line in table_of(cora.get(of(cast.cycle) + asked + ("&" if asked else "?") + "format=csv"))[1:]] == found


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_one_fellow_as_for_three(cora, cast, more, django_assert_num_queries):
    for number in range(more):
        fellow = actions.invite_fellow(cycle=cast.cycle, name=f"Fellow {number}", by=cast.cora)
        actions.add_placement(fellow=fellow, host=cast.host, by=cast.cora)
    with django_assert_num_queries(12):
        cora.get(of(cast.cycle))


# ------------------------------------------------------------------------------------------------- joining


def test_somebody_joins_with_a_sign_in_and_a_mail_and_sees_their_own_place(client, cast):
    client.force_login(cast.cora)
    answer = client.post(of(cast.cycle, "new/"), ADA, follow=True)
    assert said(answer) == ["Ada Lind takes part in First cycle."]
    ada = Fellow.objects.get(person__name="Ada Lind")
    assert (ada.home, ada.skills) == ("Saltmere", ["SQL", "service design"])
    assert next_of(answer)[0] == "Not placed yet"
    invited = [("ada@example.org", "Fellow in First cycle, Open city")]
    assert list(Invitation.objects.values_list("email", "what")) == invited
    client.force_login(User.objects.get(email="ada@example.org"))
    assert next_of(client.get(one(ada)))[0] == "You are not placed yet"


def test_without_an_address_there_is_a_person_and_no_sign_in(cora, cast):
    users = User.objects.count()
    cora.post(of(cast.cycle, "new/"), {"name": "Ada Lind"})
    assert Fellow.objects.filter(person__name="Ada Lind").count() == 1
    assert (User.objects.count(), Message.objects.count()) == (users, 0)


def test_a_known_address_belongs_to_whom_it_belongs(cora, cast):
    people = Person.objects.count()
    cora.post(of(cast.cycle, "new/"), ADA | {"email": "Otto@example.org"})
    assert Fellow.objects.filter(cycle=cast.cycle, person=cast.otto.person).count() == 1
    assert Person.objects.count() == people


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Name: Fill this in."),
        ({"name": "x" * 100_000}, "Name: Write at most 200 characters; there are 100000."),
        ({"email": "felix@example.org"}, "E-mail address: Felix is in this cycle already."),
        (
            {"email": "rooth@example.org"},
            "E-mail address: That address belongs to a superuser of this site, who takes no part in the work.",
        ),
        ({"email": "", "name": "felix"}, "I mean another one with the same name: felix is in this cycle already."),
        ({"skills": "x" * 101}, "Skills: Line 1 is longer than 100 characters."),
        (
            {"name": "Ada\u202edniL"},
            "Name: There is a character in it that is not shown. Type it again instead of pasting it.",
        ),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(cora, cast, change, sentence):
    answer = cora.post(of(cast.cycle, "new/"), ADA | change)
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert typed(answer, "home") == "Saltmere"
    assert (Fellow.objects.count(), Message.objects.count()) == (1, 0)


def test_a_second_click_adds_nobody_but_a_namesake_can_be_meant(cora, cast):
    for _click in range(2):
        answer = cora.post(of(cast.cycle, "new/"), {"name": "Ada Lind"})
    assert problems(answer) == ["I mean another one with the same name: Ada Lind is in this cycle already."]
    assert Fellow.objects.filter(person__name="Ada Lind").count() == 1
    cora.post(of(cast.cycle, "new/"), {"name": "Ada Lind", "namesake": "on"})
    assert Fellow.objects.filter(person__name="Ada Lind").count() == 2


# ------------------------------------------------------------------------------------------------- leaving and following


def test_somebody_leaves_the_place_is_free_and_somebody_follows(cora, cast):
    assert "This cannot be taken back." in page(cora.get(one(cast.fellow, "withdraw/")))
    left = {"left_on": cast.today, "reason": "Another job."}
    answer = cora.post(one(cast.fellow, "withdraw/"), left, follow=True)
    assert next_of(answer)[0] == "The place is free"
    assert f"Cora recorded that the fellow left on {cast.today:%-d %B %Y}: Another job." in page(answer)
    assert Placement.objects.get().ended_on == cast.today
    answer = cora.post(one(cast.fellow, "replace/"), {"name": "Noor"}, follow=True)
    assert said(answer) == ["Noor follows Felix."]
    noor = Fellow.objects.get(person__name="Noor")
    assert (noor.replaces, noor.state) == (cast.fellow, "takes_part")
    chosen = soup(cora.get(one(noor, "place/"))).select("option[selected]")
    assert [each["value"] for each in chosen] == [cast.host.ref, cast.project.ref]  # where Felix was


@pytest.mark.parametrize(
    ("left_on", "sentence"),
    [
        ("", "Last day: Fill this in."),
        ("0001-01-01", "Last day: Write a day from 1 January 1990 to 31 December 2100."),
        ("9999-12-31", "Last day: Write a day from 1 January 1990 to 31 December 2100."),
        ("tomorrow", "Last day: That day has not come yet. Record it on the day: it takes effect at once."),
    ],
)
def test_a_day_that_has_not_come_is_not_recorded_as_if_it_had(cora, cast, left_on, sentence):
    day = cast.today + timedelta(days=1) if left_on == "tomorrow" else left_on
    answer = cora.post(one(cast.fellow, "withdraw/"), {"left_on": day, "reason": "Another job."})
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert typed(answer, "reason") == "Another job."
    cast.fellow.refresh_from_db()
    assert cast.fellow.state == "takes_part"


def test_each_step_is_taken_once(cora, cast):
    left = {"left_on": cast.today, "reason": "Another job."}
    assert reason(cora.post(one(cast.fellow, "replace/"), {"name": "Noor"})) == "Only somebody who has left is replaced."
    cora.post(one(cast.fellow, "withdraw/"), left)
    assert reason(cora.post(one(cast.fellow, "withdraw/"), left)) == "The fellow has left already."
    assert reason(cora.post(one(cast.fellow, "place/"), {"host": cast.host.ref})) == "Felix has left the cycle."
    cora.post(one(cast.fellow, "replace/"), {"name": "Noor"})
    assert reason(cora.post(one(cast.fellow, "replace/"), {"name": "Noor"})) == "Somebody follows in this place already."
    assert Fellow.objects.count() == 2


def test_a_page_has_the_buttons_of_what_may_be_done_and_no_others(client, cast):
    client.force_login(cast.cora)
    shield = "Keep the name off public pages"
    assert buttons(client.get(one(cast.fellow))) == ["Change", "Place at another host", shield, "Record that they left"]
    for who in (cast.felix, cast.stella, cast.audrey):
        client.force_login(who)
        assert buttons(client.get(one(cast.fellow))) == []
