"""Single sign-on in a real browser, with our headers on: what the plain tests cannot see is whether the browser goes along."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.provider import CLIENT, NAME, RETURN, SECRET, Provider
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
OPEN = """
from accounts import actions
from core.access import HOUSE
for name in ("nora", "dora"):
    person = actions.add_person(name=name.title(), by=HOUSE)
    actions.open_sign_in(person=person, email=f"{name}@example.org", by=HOUSE)
actions.deactivate_sign_in(person=person, reason="Left.", by=HOUSE)
"""
AGE = """
from django.contrib.sessions.models import Session
from django.contrib.sessions.backends.db import SessionStore
for key in Session.objects.values_list("session_key", flat=True):
    store = SessionStore(key)
    if "proved_at" in store:
        store["proved_at"] -= 3600
        store.save()
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site(OIDC_NAME=NAME, OIDC_CLIENT_ID=CLIENT, OIDC_CLIENT_SECRET=SECRET)
    site.provider = Provider(f"{site.url}{RETURN}")
    site.environment["OIDC_ISSUER"] = site.provider.issuer
    try:
        site.manage("migrate", "-v0")
        site.manage("collectstatic", "--noinput", "-v0")
        site.manage("shell", "-v0", "-c", OPEN)
        yield site.start()
    finally:
        site.stop()
        site.provider.kill()


@pytest.fixture(params=["with script", "without script"])
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param == "with script")
    yield context.new_page()
    context.close()


def at_the_provider(page: Page, account: str) -> None:
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    page.get_by_label("Account").fill(account)
    page.get_by_role("button", name="Let me in").click()


def test_there_and_back_the_page_that_was_wanted_and_a_fresh_look_in_another_tab(visitor: Page, site: Site) -> None:
    visitor.goto(f"{site.url}/desk/me/")
    visitor.get_by_role("button", name=f"Sign in with {NAME}").click()
    at_the_provider(visitor, "nora@example.org")
    visitor.wait_for_url(f"{site.url}/desk/me/")
    expect(visitor.get_by_role("heading", name="Nora", exact=True).first).to_be_visible()

    visitor.goto(f"{site.url}/accounts/second-step/app/")
    visitor.get_by_label("The code that the app shows now").fill("000000")
    site.manage("shell", "-v0", "-c", AGE)
    visitor.get_by_role("button", name="Set it up").click()
    expect(visitor.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    with visitor.context.expect_page() as opened:
        visitor.get_by_role("button", name=f"Confirm with {NAME}").click()
    at_the_provider(opened.value, "nora@example.org")
    expect(opened.value.get_by_role("heading", name="Confirmed")).to_be_visible()
    opened.value.close()
    visitor.get_by_role("button", name="It is confirmed: go on").click()
    expect(visitor.get_by_text("The app shows another code.").first).to_be_visible()  # it arrived

    site.manage("shell", "-v0", "-c", AGE)
    visitor.goto(f"{site.url}/accounts/second-step/passkey/")
    visitor.get_by_role("button", name=f"Confirm with {NAME}").click()
    at_the_provider(visitor, "nora@example.org")
    visitor.wait_for_url(f"{site.url}/accounts/second-step/passkey/")


@pytest.mark.parametrize("account", ["ghost@example.org", "dora@example.org", "nora+unverified@example.org"])
def test_who_stays_out_reads_why_and_the_way_back(browser: Browser, site: Site, account: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    at_the_provider(page, account)
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    page.get_by_role("link", name="Back to sign-in").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.context.close()


def test_a_provider_that_dies_on_the_way_is_said(browser: Browser, site: Site) -> None:
    """The last of these tests: nobody brings it back to life."""
    page = browser.new_context().new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    site.provider.kill()
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    expect(page.get_by_text(f"{NAME} does not answer at the moment.")).to_be_visible()
    page.get_by_role("link", name="Back to sign-in").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    page.context.close()
