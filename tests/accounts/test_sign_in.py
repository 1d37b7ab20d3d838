"""Signing in and out: one door, the same answer for a known and an unknown address."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import signing
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.conftest import PASSWORD, sign_in_for

LOGIN = "/accounts/login/"
MISMATCH = "This address and password do not belong together."
TOO_MANY = "Too many tries with this address."


@pytest.fixture
def nora(db):
    return sign_in_for("nora")


def enter(client, email="nora@example.org", password=PASSWORD, at=LOGIN, **more):
    return client.post(at, {"login": email, "password": password}, **more)


def who(client):
    return client.session.get("_auth_user_id")


def test_the_form_is_one_that_password_managers_know(client, db):
    html = client.get(LOGIN).content.decode()
    inputs = re.findall(r"<input[^>]*>", html)
    named = {re.search(r'name="(\w+)"', tag)[1]: tag for tag in inputs if 'type="hidden"' not in tag}
    assert list(named) == ["login", "password"]
    assert 'autocomplete="username"' in named["login"] and 'type="email"' in named["login"]
    assert 'autocomplete="current-password"' in named["password"] and 'type="password"' in named["password"]
    assert "placeholder" not in html


def test_address_and_password_lead_to_the_desk_whatever_the_capitals(client, nora):
    response = enter(client, "  Nora@Example.ORG ")
    assert (response.status_code, response["Location"], who(client)) == (302, "/desk/", str(nora.pk))


def test_signing_in_leaves_no_second_address_that_would_open_the_door_later(client, nora):
    enter(client)
    assert EmailAddress.objects.count() == 0


@pytest.mark.parametrize("email", ["nora@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_hear_the_same(client, nora, email):
    response = enter(client, email, "not the one")
    html = response.content.decode()
    assert response.status_code == 200 and who(client) is None
    assert MISMATCH in html and "<title>Error: Sign in" in re.sub(r"\s+", " ", html).replace("<title> ", "<title>")
    assert f'value="{email}"' in html and "not the one" not in html


def test_the_answers_differ_in_nothing_but_the_address(client, nora):
    pages = [enter(client, email, "not the one").content.decode() for email in ("nora@example.org", "ghst@example.org")]
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", pages[0]).replace("nora@", "ghst@") == token.sub("", pages[1])


def test_a_closed_sign_in_does_not_open_and_says_nothing_else(client, nora):
    nora.is_active = False
    nora.save()
    response = enter(client)
    assert (response.status_code, who(client)) == (200, None)
    assert MISMATCH in response.content.decode()


def test_a_session_ends_when_the_sign_in_is_closed(client, nora):
    enter(client)
    assert client.get("/desk/").status_code == 200
    nora.is_active = False
    nora.save()
    assert client.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"


def test_nothing_typed_is_asked_for_by_field(client, db):
    html = client.post(LOGIN, {"login": "", "password": ""}).content.decode()
    assert "E-mail address: Give the e-mail address that you are known by here." in html
    assert "Password: Give your password." in html


def test_after_five_wrong_tries_not_even_the_right_password_is_heard(client, nora):
    for _try in range(5):
        assert MISMATCH in enter(client, password="not the one").content.decode()
    assert TOO_MANY in enter(client).content.decode() and who(client) is None


def test_an_unknown_address_is_held_back_just_so(client, db):
    for _try in range(5):
        assert MISMATCH in enter(client, "ghost@example.org", "x").content.decode()
    assert TOO_MANY in enter(client, "ghost@example.org", "x").content.decode()


def test_other_spellings_of_an_address_share_its_tries(client, db):
    for email in (
        "nora@straße.example",
        "NORA@straße.example",
        "nora@ſtraße.example",
        "nora@ｓtraße.example",
        "nora@Straße.example",
    ):
        assert MISMATCH in enter(client, email, "not the one").content.decode()
    assert TOO_MANY in enter(client, "nora@straße.example").content.decode()


@pytest.mark.postgres
def test_nor_does_a_spelling_by_which_the_database_finds_somebody_make_new_tries(client, db):
    """PostgreSQL finds her by each of them: without this, every letter that has a like doubles the tries."""
    user = sign_in_for("nisa")
    for email in ("nisa@example.org", "NISA@example.org", "niſa@example.org", "nısa@example.org", "NıſA@example.org"):
        assert MISMATCH in enter(client, email, "not the one").content.decode()
    for email in ("nıſa@example.org", user.email):
        assert TOO_MANY in enter(client, email).content.decode() and who(client) is None


def test_the_name_the_site_is_called_by_makes_no_new_tries(client, nora, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for number in range(5):
        assert MISMATCH in enter(client, password="x", headers={"host": f"n{number}.example"}).content.decode()
    assert TOO_MANY in enter(client, headers={"host": "n6.example"}).content.decode()


def test_a_stranger_who_tries_passwords_does_not_hold_up_a_browser_that_is_known(client, nora):
    """And what is tried in that browser is counted there, so that whoever takes it has five tries too."""
    enter(client)
    known = client.cookies["known"]
    assert known["httponly"] and known["samesite"] == "Lax" and known["max-age"] == 365 * 24 * 60 * 60
    client.logout()
    stranger = Client(REMOTE_ADDR="192.0.2.7")
    for _try in range(6):
        enter(stranger, password="not the one")
    assert TOO_MANY in enter(stranger).content.decode()
    client.cookies["known"] = known.value
    for _try in range(5):
        assert MISMATCH in enter(client, password="not the one").content.decode()
    assert TOO_MANY in enter(client).content.decode() and who(client) is None


def test_a_mark_lasts_a_year_and_ends_with_the_key_it_was_made_with(client, nora, settings):
    enter(client)
    mark = client.cookies["known"].value

    def knows(ahead: int = 0) -> bool:
        """Whether it comes in while everybody else is held up."""
        with time_machine.travel(timezone.now() + timedelta(days=ahead)):
            for _try in range(5):
                enter(Client(REMOTE_ADDR="192.0.2.7"), password="not the one")
            browser = Client(REMOTE_ADDR="192.0.2.8")
            browser.cookies["known"] = mark
            return enter(browser).status_code == 302

    assert knows() and knows(364) and not knows(366)
    settings.SECRET_KEY = "another" * 10
    assert not knows(1)


@pytest.mark.parametrize("forged", ["x", "x:y:z", signing.dumps({"login": "nora@example.org", "mark": "a"}, salt="another")])
def test_a_mark_that_is_not_ours_is_none(client, nora, forged):
    for _try in range(5):
        enter(client, password="not the one")
    client.cookies["known"] = forged
    assert TOO_MANY in enter(client).content.decode()


def test_the_mark_of_one_address_is_none_for_another(client, nora):
    """Else whoever has a sign-in would make themselves five new tries at anybody with each time they sign in."""
    sign_in_for("ben")
    for _try in range(5):
        enter(client, password="not the one")
    ben = Client(REMOTE_ADDR="192.0.2.7")
    enter(ben, "ben@example.org")
    ben.logout()
    enter(ben, "ben@example.org")
    assert (
        TOO_MANY
        in enter(Client(REMOTE_ADDR="192.0.2.8", headers={"cookie": f"known={ben.cookies['known'].value}"})).content.decode()
    )


def test_thirty_posts_a_minute_from_one_place_get_our_page(client, db):
    answers = [client.post(LOGIN, {"login": f"n{n}@example.org", "password": ""}) for n in range(31)]
    assert [each.status_code for each in answers[:30]] == [200] * 30
    assert answers[30].status_code == 429 and b"Too many tries in a short time" in answers[30].content


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]
)
def test_next_leads_nowhere_else(client, nora, place):
    assert enter(client, at=f"{LOGIN}?next={place}")["Location"] == "/desk/"


def test_next_leads_back_to_where_one_was_going(client, nora):
    address = client.get("/desk/messages/?q=x")["Location"]
    assert address == "/accounts/login/?next=/desk/messages/%3Fq%3Dx"
    assert enter(client, at=address)["Location"] == "/desk/messages/?q=x"


def test_who_is_signed_in_does_not_see_the_form(client, nora):
    client.force_login(nora)
    assert client.get(LOGIN)["Location"] == "/desk/"


def test_signing_out_is_asked_and_ends_the_session(client, nora):
    enter(client)
    session = client.cookies["session"].value
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert who(client) == str(nora.pk)
    response = client.post("/accounts/logout/", follow=True)
    assert response.redirect_chain == [("/", 302)] and "You are signed out." in response.content.decode()
    client.cookies["session"] = session
    assert client.get("/desk/").status_code == 302
    assert "You are signed out." not in client.get("/").content.decode()


def test_signing_in_starts_a_new_session(client, nora):
    client.get("/accounts/password/1-x/")
    before = client.session.session_key
    enter(client)
    assert client.session.session_key != before


def test_nobody_signs_up(client, db):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/accounts/signup/").status_code == 404


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_says_where_its_people_are_listed_and_no_password(client, db, settings, demo):
    from core.demo import PASSWORD as known

    settings.DEMO = demo
    html = client.get(LOGIN).content.decode()
    assert ("manage.py demo --who" in html) is demo
    assert known not in html


def test_no_page_of_sign_in_is_kept_by_anybody(client, db):
    for page in (LOGIN, "/accounts/password/", "/accounts/password/sent/", "/accounts/password/done/", "/accounts/password/1-x/"):
        assert "no-store" in client.get(page)["Cache-Control"]


def test_an_administrator_without_a_person_comes_in_as_well(client, cast):
    enter(client, cast.rooth.email)
    assert client.get("/desk/me/").status_code == 200


def test_a_role_is_not_needed_to_come_in(client, cast):
    enter(client, cast.rita.email)
    assert "Nothing waits for you" in client.get("/desk/").content.decode()
