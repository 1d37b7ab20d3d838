"""Nobody learns by an answer, or by the work behind it, who has a sign-in here."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions
from core.access import HOUSE
from tests.accounts.steps import with_app
from tests.conftest import sign_in_for

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
KINDS = ("known", "stepped", "wordless", "closed", "ghost")  # of the same length when written into a page: see `address`


def address(kind: str) -> str:
    return f"{kind:x<9}@example.org"


@pytest.fixture
def hashings(monkeypatch) -> list[int]:
    """How often a password was hashed: what takes time on purpose."""
    done: list[int] = []
    real = MD5PasswordHasher.encode

    def counted(self, password, salt):
        done.append(1)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


@pytest.fixture
def everybody(db) -> None:
    """Somebody with a password, one with a second step besides, one who has set none yet, one who is deactivated; and nobody."""
    users = {kind: sign_in_for(f"{kind:x<9}") for kind in KINDS[:-1]}
    with_app(users["stepped"])
    users["wordless"].set_unusable_password()
    users["wordless"].save()
    actions.deactivate_sign_in(person=users["closed"].person, reason="Left.", by=HOUSE)


def told(address: str, answers) -> list[tuple[int, str]]:
    return [(each.status_code, TOKEN.sub("", each.content.decode()).replace(address, "ADDRESS")) for each in answers]


def work(run) -> tuple[list[tuple[int, str]], list[str]]:
    with CaptureQueriesContext(connection) as asked:
        answers = run()
    return answers, [query["sql"].split(" ")[0] for query in asked.captured_queries]


def test_a_wrong_password_says_and_costs_the_same_whoever_it_is(everybody, hashings):
    seen = []
    for kind in KINDS:
        client, typed = Client(), {"login": address(kind), "password": "not the one"}
        hashings.clear()
        seen.append((told(address(kind), [client.post("/accounts/login/", typed)]), len(hashings)))
    assert seen == [seen[0]] * 5 and seen[0][0][0][0] == 200 and seen[0][1] == 1


def test_so_does_the_sixth_try(everybody, hashings):
    seen = []
    for kind in KINDS:
        client, typed = Client(REMOTE_ADDR=f"192.0.2.{len(seen)}"), {"login": address(kind), "password": "not the one"}
        for _try in range(5):
            client.post("/accounts/login/", typed)
        hashings.clear()
        seen.append((told(address(kind), [client.post("/accounts/login/", typed)]), len(hashings)))
    assert seen == [seen[0]] * 5 and "Too many tries with this address." in seen[0][0][0][1] and seen[0][1] == 0


def test_asking_for_a_link_says_and_costs_the_same_whoever_it_is(everybody, hashings):
    seen = []
    for kind in KINDS:
        client = Client(REMOTE_ADDR=f"192.0.2.{len(seen)}")
        hashings.clear()
        answers, queries = work(
            lambda client=client, kind=kind: told(
                address(kind), [client.post("/accounts/password/", {"email": address(kind)}, follow=True) for _try in range(4)]
            )
        )
        seen.append((answers, queries, len(hashings)))
    assert seen == [seen[0]] * 5
    assert [status for status, _page in seen[0][0]] == [200, 200, 200, 429] and seen[0][2] == 0


def test_a_second_step_that_nobody_was_asked_for_says_the_same_whoever_it_is(everybody):
    """Without the password of somebody there is nothing to guess at."""
    seen = []
    for kind in KINDS:
        client = Client(REMOTE_ADDR=f"192.0.2.{len(seen)}")
        client.post("/accounts/login/", {"login": address(kind), "password": "not the one"})
        answer = client.post("/accounts/login/second/", {"code": "123456"})
        seen.append((answer.status_code, answer["Location"]))
    assert seen == [(302, "/accounts/login/")] * 5


def test_a_link_of_nobody_and_one_that_does_not_fit_look_the_same(everybody):
    pages = [told("", [Client().get(f"/accounts/password/{key}-abc123-{'0' * 32}/")]) for key in ("1", "2", "zzz", "9999")]
    assert pages == [pages[0]] * 4
