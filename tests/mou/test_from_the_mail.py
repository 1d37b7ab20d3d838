"""From the mail that asks for a signature to the page where it is given, without password or second step."""

import re

import pytest
from django.test import Client

from core.jobs import run_jobs
from mou import demo
from partnerships import actions as partnerships
from tests.accounts.steps import App
from tests.accounts.test_password_link import NEW, choose, link_in
from tests.reading import page, soup, title

pytestmark = pytest.mark.slow


@pytest.fixture
def ines(cast, agreement_ready):
    """Named to sign for the agency, and never been here."""
    member = partnerships.invite_member(
        organisation=cast.agency, name="Ines", email="ines@agency.example", role="signatory", by=cast.cora
    )
    party = agreement_ready.party_set.get(role="host")
    demo.actions.name_signatory(party=party, signatory=member.person, by=cast.cora)
    demo.actions.send_agreement(agreement=agreement_ready, by=cast.cora)
    return member.person


def href(answer, label: str) -> str:
    return next(link["href"] for link in soup(answer).select("main a") if label in link.get_text())


def test_each_page_leads_on_to_the_agreement(cast, agreement_ready, ines, mailoutbox, settings):
    settings.SECOND_FACTOR = "demanded"
    sign = f"/desk/agreements/{agreement_ready.ref}/sign/"
    run_jobs()
    (asked,) = [mail for mail in mailoutbox if mail.subject.startswith("To sign") and mail.to == ["ines@agency.example"]]
    assert link_in(asked) == sign and "No password yet?" in asked.body
    browser = Client()
    door = browser.get(sign, follow=True)
    way = href(door, "Set or forgot password")
    sent = browser.post(way, {"email": "ines@agency.example"}, follow=True)
    assert "Look into your mail" in title(sent)
    run_jobs()
    done = choose(browser, link_in(mailoutbox[-1]))
    assert "Your password is set" in title(done)
    step = browser.post(href(done, "Sign in"), {"login": "ines@agency.example", "password": NEW}, follow=True)
    assert "Set up a second step first" in page(step)
    way = href(step, "Set up an app")
    app = App(re.search(r'<code class="hash">([A-Z2-7]{32})</code>', browser.get(way).content.decode())[1])
    codes = browser.post(way, {"code": app.code(-1)}, follow=True)
    assert "Recovery codes" in title(codes)
    last = browser.get(href(codes, "I have kept them"))
    assert last.request["PATH_INFO"] == sign and "Sign for Agency" in title(last)


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "desk", "/" + "x" * 500]
)
def test_a_place_that_is_not_ours_is_left_out_of_the_mail_and_of_every_link(cast, mailoutbox, place):
    browser = Client()
    form = browser.get("/accounts/login/", {"next": place})
    assert href(form, "Set or forgot password") == "/accounts/password/"
    browser.post("/accounts/password/", {"email": cast.sofia.email}, query_params={"next": place})
    run_jobs()
    link = link_in(mailoutbox[-1])
    assert "next" not in link
    done = choose(browser, f"{link}?next={place}")
    assert href(done, "Sign in") == "/accounts/login/"
