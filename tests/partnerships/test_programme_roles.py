"""Roles in a programme: given by an administrator after a second look, ended, and their days corrected."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Invitation, Person, User
from core.access import HOUSE, holds
from core.audit import history
from core.models import Message
from partnerships import actions
from partnerships.models import ProgrammeRole
from tests.reading import buttons, page, problems, reason, said, soup, typed

IVY = {"name": "Ivy Lund", "email": "ivy@example.org", "role": "coordinator", "since": "", "until": ""}


@pytest.fixture
def url(cast) -> str:
    return f"/desk/programmes/{cast.programme.ref}/"


@pytest.fixture
def adas(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def audreys(cast) -> ProgrammeRole:
    return ProgrammeRole.objects.get(person=cast.audrey.person)


def test_it_is_shown_once_more_before_it_counts(adas, cast, url):
    answer = adas.post(url + "roles/new/", IVY)
    text = page(answer)
    assert answer.status_code == 200 and "Make Ivy Lund Programme coordinator of Open city?" in text
    assert "Nobody signs in with ivy@example.org yet" in text and "Name Ivy Lund E-mail address" in text
    assert "First day today Ends on no end" in text
    assert buttons(answer) == ["Give the role", "Change something"]
    assert not User.objects.filter(email="ivy@example.org").exists() and Message.objects.count() == 0
    carried = {each["name"]: each.get("value", "") for each in soup(answer).select("main form input[type=hidden]")}
    assert {name: carried[name] for name in IVY} == IVY


def test_one_can_go_back_to_it_and_nothing_typed_is_lost(adas, url):
    answer = adas.post(url + "roles/new/", IVY | {"sure": "no"})
    assert (answer.status_code, problems(answer), typed(answer, "email")) == (200, [], "ivy@example.org")


def test_somebody_new_gets_the_role_a_sign_in_and_a_mail_and_the_coordinators_are_told(adas, cast, url):
    answer = adas.post(url + "roles/new/", IVY | {"role": "auditor", "sure": "yes"}, follow=True)
    assert said(answer) == ["Ivy Lund is Auditor of Open city and was told by e-mail."]
    ivy = User.objects.get(email="ivy@example.org")
    assert holds(ivy, "partnerships.view_programme", cast.programme) and not ivy.has_usable_password()
    assert list(Message.objects.order_by("pk").values_list("to", "subject")) == [
        ("cora@example.org", "Ivy Lund is Auditor of Open city"),
    ]
    assert list(Invitation.objects.values_list("email", "what")) == [("ivy@example.org", "Auditor of Open city")]
    assert history(cast.programme)[0].text == "Ada made Ivy Lund Auditor."


def test_a_known_address_belongs_to_whom_it_belongs_and_that_is_said_before(adas, cast, url):
    people = Person.objects.count()
    answer = adas.post(url + "roles/new/", IVY | {"email": "OTTO@example.org"})
    assert "Make Otto Programme coordinator of Open city?" in page(answer)
    assert "belongs to Otto, who is on record here" in page(answer)
    adas.post(url + "roles/new/", IVY | {"email": "OTTO@example.org", "sure": "yes"})
    assert holds(cast.otto, "fellowships.edit_cycle", cast.programme) and Person.objects.count() == people


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "audrey@example.org", "role": "auditor"}, "Audrey holds this role already."),
        ({"email": "ada@example.org"}, "Nobody gives a role to themselves. Another administrator has to do it."),
        ({"email": "rooth@example.org"}, "That address belongs to a superuser of this site, who takes no part in the work."),
        ({"role": "signatory"}, "Role: Choose one of the list."),
        ({"role": "administrator"}, "Role: Choose one of the list."),
        ({"name": ""}, "Name: Fill this in."),
        ({"email": "ivy"}, "E-mail address: Write an e-mail address such as name@example.org."),
        ({"since": "2027-05-01", "until": "2027-04-01"}, "Ends on: It cannot end before it begins."),
    ],
)
def test_what_cannot_be_is_said_and_no_role_is_given(adas, cast, url, change, sentence):
    held = ProgrammeRole.objects.count()
    answer = adas.post(url + "roles/new/", IVY | change | {"sure": "yes"})
    assert (answer.status_code, problems(answer)) == (422, [sentence])
    assert (ProgrammeRole.objects.count(), Message.objects.count()) == (held, 0)


def test_a_role_can_begin_later_and_opens_nothing_before(adas, cast, url):
    begins = cast.today + timedelta(days=5)
    adas.post(url + "roles/new/", IVY | {"email": "otto@example.org", "since": begins.isoformat(), "sure": "yes"})
    assert not holds(cast.otto, "fellowships.edit_cycle", cast.programme)
    assert ProgrammeRole.objects.get(person=cast.otto.person).since == begins


def test_ending_one_is_asked_and_it_ends_at_once_in_an_open_session(client, cast, ada, url, audreys):
    theirs = Client()
    theirs.force_login(cast.audrey)
    assert theirs.get(url).status_code == 200
    client.force_login(ada)
    assert "Audrey stops being Auditor of Open city today." in page(client.get(f"{url}roles/{audreys.pk}/end/"))
    answer = client.post(f"{url}roles/{audreys.pk}/end/", follow=True)
    assert said(answer) == ["Audrey is no longer Auditor. What they did stays on record."]
    assert theirs.get(url).status_code == 404
    assert [message.subject for message in Message.objects.all()] == ["Audrey is no longer Auditor of Open city"]


def test_who_ends_the_last_coordinator_is_told_so_before(adas, cast, url, audreys):
    last = "Nobody coordinates Open city then"
    coras = ProgrammeRole.objects.get(person=cast.cora.person)
    assert last in page(adas.get(f"{url}roles/{coras.pk}/end/"))
    assert last not in page(adas.get(f"{url}roles/{audreys.pk}/end/"))


def test_ending_it_twice_ends_it_once(adas, cast, url, audreys):
    for _click in range(2):
        adas.post(f"{url}roles/{audreys.pk}/end/")
    assert [line.verb for line in history(cast.programme)].count("programme.role_ended") == 1


def test_its_days_are_corrected_and_the_timeline_says_so(adas, cast, url, audreys):
    ends = cast.today + timedelta(days=30)
    answer = adas.post(f"{url}roles/{audreys.pk}/dates/", {"since": "2026-09-01", "until": ends.isoformat()}, follow=True)
    assert said(answer) == ["The days are corrected."]
    audreys.refresh_from_db()
    assert (audreys.since.isoformat(), audreys.until) == ("2026-09-01", ends)
    day = f"{ends.day} {ends:%B %Y}"
    told = f"Ada corrected the days of Audrey as Auditor: from 1 September 2026, until {day}."
    assert history(cast.programme)[0].text == told
    assert said(
        adas.post(f"{url}roles/{audreys.pk}/dates/", {"since": "2026-09-01", "until": ends.isoformat()}, follow=True)
    ) == ["Nothing was different."]


def test_another_end_changes_what_is_open_the_same_second(client, cast, ada, url, audreys):
    client.force_login(ada)
    client.post(f"{url}roles/{audreys.pk}/dates/", {"since": "2026-01-01", "until": cast.today.isoformat()})
    client.force_login(cast.audrey)
    assert client.get(url).status_code == 404


def test_a_role_that_has_ended_is_not_made_to_count_again_by_its_days(adas, cast, ada, url, audreys):
    actions.end_programme_role(role=audreys, by=HOUSE)
    since = audreys.since.isoformat()
    for until in ("", (cast.today + timedelta(days=1)).isoformat()):
        answer = adas.post(f"{url}roles/{audreys.pk}/dates/", {"since": since, "until": until})
        assert problems(answer) == ["Ends on: This role has ended. Correct the day it ended, or give the role anew."]
    assert not holds(cast.audrey, "partnerships.view_programme", cast.programme)


def test_who_runs_or_audits_the_programme_does_not_choose_who_does(client, cast, url, audreys):
    for who in (cast.cora, cast.audrey, cast.nora):
        client.force_login(who)
        for way in ("roles/new/", f"roles/{audreys.pk}/end/", f"roles/{audreys.pk}/dates/"):
            for ask in (client.get, client.post):
                sentence = "Only an administrator of this site gives and ends roles in a programme."
                assert reason(ask(url + way, IVY | {"sure": "yes"})) == sentence
    audreys.refresh_from_db()
    assert audreys.until is None and not User.objects.filter(email="ivy@example.org").exists()


def test_nobody_takes_a_role_or_prolongs_their_own_by_any_door(cast, ada):
    for act in (
        lambda: actions.give_programme_role(programme=cast.programme, person=ada.person, role="auditor", by=ada),
        lambda: actions.open_programme(name="Mine", coordinator=ada.person, by=ada),
    ):
        with pytest.raises(PermissionDenied, match="Nobody gives a role to themselves"):
            act()
    held = actions.give_programme_role(
        programme=cast.programme, person=ada.person, role="auditor", until=cast.today + timedelta(days=1), by=HOUSE
    )
    with pytest.raises(PermissionDenied, match="Nobody gives a role to themselves"):
        actions.date_programme_role(role=held, since=held.since, until=None, by=ada)
    for who in (cast.cora, cast.rooth):
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            actions.give_programme_role(programme=cast.programme, person=cast.otto.person, role="auditor", by=who)
