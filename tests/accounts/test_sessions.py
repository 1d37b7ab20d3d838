"""Where somebody is signed in: a list of their own, one session ended or all others."""

import pytest
from django.test import Client

from core.audit import history
from tests.accounts.steps import inside, password
from tests.conftest import sign_in_for
from tests.reading import buttons, page, rows, said, soup

LIST = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML) Version/19.0 Safari/604.1"


@pytest.fixture
def nora(db):
    return sign_in_for("nora")


def opened(user, agent: str) -> Client:
    browser = Client(HTTP_USER_AGENT=agent)
    password(browser, user)
    return browser


def ends(browser: Client) -> list[str]:
    """The addresses of the buttons, one a session but this."""
    return [each["action"] for each in soup(browser.get(LIST)).select("main table form")]


def test_each_is_told_by_browser_system_and_address_and_one_s_own_is_marked(nora):
    opened(nora, SAFARI)
    here = opened(nora, FIREFOX)
    assert [row[:2] + row[3:] for row in rows(here.get(LIST))] == [
        ["Firefox on Linux", "127.0.0.1", "This one"],
        ["Safari on iPhone", "127.0.0.1", "End it"],
    ]


def test_one_is_ended_and_is_out_with_the_next_click(nora):
    there, here = opened(nora, SAFARI), opened(nora, FIREFOX)
    (address,) = ends(here)
    assert said(here.post(address, follow=True)) == ["That session is ended."]
    assert not inside(there) and inside(here) and ends(here) == []
    assert history(nora.person)[0].text == "Nora ended a session."
    assert here.post(address).status_code == 302  # a second click


def test_all_others_are_ended_and_this_one_stays(nora):
    others = [opened(nora, SAFARI) for _session in range(3)]
    here = opened(nora, FIREFOX)
    assert "End all others" in buttons(here.get(LIST))
    here.post(f"{LIST}end/")
    assert [inside(each) for each in others] == [False] * 3 and inside(here)
    assert history(nora.person)[0].text == "Nora ended every other session."


def test_nobody_sees_or_ends_that_of_somebody_else(nora):
    there, otto = opened(nora, SAFARI), opened(sign_in_for("otto"), FIREFOX)
    opened(nora, FIREFOX)
    address = ends(there)[0]
    assert "iPhone" not in page(otto.get(LIST))
    otto.post(address)
    otto.post(f"{LIST}end/")
    assert inside(there) and len(ends(there)) == 1


def test_one_that_has_ended_otherwise_stands_there_no_more(nora):
    there, here = opened(nora, SAFARI), opened(nora, FIREFOX)
    there.post("/accounts/logout/")
    assert len(rows(here.get(LIST))) == 1


def test_what_a_browser_says_of_itself_is_shown_as_text(nora):
    here = opened(nora, "<script>alert(1)</script>")
    assert rows(here.get(LIST))[0][0] == "Unknown browser"
