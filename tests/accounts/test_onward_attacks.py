"""Where somebody is led after a door is a place of this site and no door, whoever wrote the address."""

from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory

from accounts.onward import goal_of
from core.jobs import run_jobs
from tests.accounts.steps import ADD, SECOND, come_in, with_app
from tests.accounts.test_password_link import NEW, choose, link_in
from tests.conftest import PASSWORD, sign_in_for
from tests.reading import soup

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "\x00//evil.example",
    " //evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "//127.0.0.1@evil.example/",
    "//[::1",
    "/desk/" + "x" * 600,
    # Doors: a page that somebody is led to after signing in must not be another one, of somebody else.
    "/accounts/logout/",
    "/accounts/login/?next=//evil.example",
    "/accounts/login/provider/return/?state=x&code=y",
    "/accounts/password/1-abc/",
]


@pytest.fixture
def nora(db):
    return sign_in_for("nora")


@pytest.mark.parametrize("place", ELSEWHERE)
def test_it_is_no_goal(place):
    assert goal_of(RequestFactory().get("/", {"next": place})) == ""


def test_beside_them_these_are():
    for place in ("/desk/", "/desk/agreements/CG-1/?tab=duties#h-x", "/cms/pages/3/", "/accounts/second-step/", "/desk/?q=//x"):
        assert goal_of(RequestFactory().get("/", {"next": place})) == place


@pytest.mark.parametrize("place", [*ELSEWHERE[:12], "/accounts/password/1-abc/"])
def test_no_page_on_the_way_through_the_mail_carries_it_along(client, nora, mailoutbox, place):
    """Somebody asks for the link of another person, with an address of their own in it."""
    asked = client.post(f"/accounts/password/?next={quote(place)}", {"email": nora.email}, follow=True)
    run_jobs()
    link = link_in(mailoutbox[-1])
    assert "next" not in link and "evil" not in mailoutbox[-1].body + mailoutbox[-1].alternatives[0].content
    done = choose(Client(), f"{link}?next={quote(place)}")
    for answer in (asked, done):
        assert not [each["href"] for each in soup(answer).select("main a") if "evil" in each["href"]]
    onward = soup(done).select_one("main a.btn")["href"]
    assert onward == "/accounts/login/"
    assert Client().post(onward, {"login": nora.email, "password": NEW})["Location"] == "/desk/"


@pytest.mark.parametrize("place", ELSEWHERE[:12])
def test_nor_do_the_second_step_the_fresh_look_and_the_setting_up(client, nora, place):
    here = Client()
    here.force_login(nora)
    assert here.get(f"/accounts/confirm/?next={quote(place)}")["Location"] == "/desk/"
    for address in ("/accounts/second-step/", ADD, "/accounts/second-step/codes/"):
        page = soup(here.get(f"{address}?next={quote(place)}"))
        assert not [each for each in page.select("main a, main form") if "evil" in (each.get("href") or each.get("action") or "")]
    app = with_app(nora)
    client.post(f"/accounts/login/?next={quote(place)}", {"login": nora.email, "password": PASSWORD})
    assert client.post(f"{SECOND}?next={quote(place)}", {"code": app.code()})["Location"] == "/desk/"


def test_a_line_break_in_it_writes_no_header(client, nora):
    answer = client.post(
        "/accounts/login/?next=/desk/%0d%0aSet-Cookie:%20session=planted", {"login": nora.email, "password": PASSWORD}
    )
    assert answer.status_code == 302 and "\n" not in answer["Location"] and "session=planted" not in str(answer.cookies)


def test_the_link_of_a_mail_opens_the_sign_in_of_that_mail_alone(client, nora, mailoutbox):
    """Whatever stands behind it in the address."""
    otto = sign_in_for("otto")
    client.post("/accounts/password/?next=/desk/", {"email": nora.email})
    run_jobs()
    link = link_in(mailoutbox[-1])
    choose(client, f"{link}&email={otto.email}&uidb36={otto.pk}")
    otto.refresh_from_db()
    nora.refresh_from_db()
    assert otto.check_password(PASSWORD) and nora.check_password(NEW)
    assert come_in(Client(), nora, "").wsgi_request is not None
