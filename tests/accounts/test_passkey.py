"""A passkey as the second step: made and shown by a real browser, whose authenticator is a virtual one."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts import codes
from tests.accounts.steps import SECOND, password, with_app
from tests.conftest import sign_in_for
from tests.journeys.site import Site
from tests.reading import problems, soup

ADD, WORD = "/accounts/second-step/passkey/", "a long enough pass phrase"
OPEN = f"from accounts.models import User; User.objects.create_superuser('nora@example.org', '{WORD}')"
NO_SCRIPT = "A passkey needs a browser that runs the script of this page. Use an app with codes instead."


@pytest.fixture
def site() -> Iterator[Site]:
    """By name: a browser keeps passkeys for names, never for numbers."""
    site = Site(SECOND_FACTOR="demanded")
    try:
        site.url = site.environment["BASE_URL"] = f"http://localhost:{site.port}"
        site.manage("migrate", "-v0")
        site.manage("collectstatic", "--noinput", "-v0")
        site.manage("shell", "-v0", "-c", OPEN)
        site.environment["BASE_URL"] = site.url
        yield site.start()
    finally:
        site.stop()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """With a key in the device that knows its owner by a finger."""
    context = browser.new_context()
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    yield page
    context.close()


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_label("E-mail address").fill("nora@example.org")
    page.get_by_label("Password").fill(WORD)
    page.locator("main").get_by_role("button", name="Sign in").click()


@pytest.mark.browser
def test_it_is_set_up_and_comes_in_and_another_device_does_not(page: Page, site: Site, browser: Browser) -> None:
    sign_in(page, site)
    expect(page.get_by_role("heading", name="Set up a second step first")).to_be_visible()
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("What you call it").fill("Red stick")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Recovery codes", exact=True)).to_be_visible()
    page.goto(f"{site.url}/accounts/second-step/")
    expect(page.get_by_role("rowheader", name="Passkey “Red stick”")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page, site)
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_url(f"{site.url}/desk/")

    stranger = browser.new_context().new_page()
    devtools = stranger.context.new_cdp_session(stranger)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(stranger, site)
    stranger.get_by_role("button", name="Use the passkey").click()
    stranger.wait_for_timeout(1500)
    assert stranger.url == f"{site.url}{SECOND}"
    stranger.context.close()


def test_only_its_pages_may_ask_a_browser_for_one(client, db):
    nora = sign_in_for("nora")
    client.force_login(nora)
    assert "publickey-credentials-create=(self)" in client.get(ADD)["Permissions-Policy"]
    assert "publickey-credentials-create=()" in client.get("/desk/me/")["Permissions-Policy"]
    assert re.search(r'src="/static/accounts/passkey\.js" defer', client.get(ADD).content.decode())


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", '"x"', "null", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}']
)
def test_what_no_browser_made_sets_nothing_up(client, db, sent):
    nora = sign_in_for("nora")
    client.force_login(nora)
    client.get(ADD)
    answer = client.post(ADD, {"name": "Mine", "credential": sent})
    assert answer.status_code == 422 and not codes.has_step(nora)
    assert len(problems(answer)) == 1 and (sent or problems(answer) == [NO_SCRIPT])


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", '"x"', "null", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}']
)
def test_nor_does_it_let_anybody_in(client, db, sent):
    nora = sign_in_for("nora")
    with_app(nora)
    password(client, nora)
    answer = client.post(SECOND, {"credential": sent})
    assert answer.status_code == 200 and len(problems(answer)) == 1
    assert "_auth_user_id" not in client.session
    assert soup(answer).select_one("#passkey") is None  # who has none is not asked for one
