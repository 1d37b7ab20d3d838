"""Wagtail's editor in a real browser, under its policy: nothing is blocked, nothing is asked of another server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.person import Person
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
PASSWORD = "a long enough pass phrase"
MAKE_EDITOR = f"from accounts.models import User; User.objects.create_superuser('editor@example.org', '{PASSWORD}')"


@pytest.fixture
def editor(browser: Browser) -> Iterator[Person]:
    site = Site()
    try:
        site.manage("migrate", "-v0")
        site.manage("collectstatic", "--noinput", "-v0")
        site.manage("shell", "-v0", "-c", MAKE_EDITOR)
        site.start()
        yield Person(browser, site.url, "mouse").go("/accounts/login/").sign_in("editor@example.org", PASSWORD)
    finally:
        site.stop()


def test_pages_pictures_and_previews_work(editor: Person) -> None:
    page = editor.page
    for address in ("/cms/", "/cms/pages/", "/cms/images/", "/cms/images/add/", "/cms/documents/multiple/add/", "/cms/account/"):
        answer = page.goto(editor.url + address)
        assert answer and answer.status == 200, address
        page.wait_for_load_state("networkidle")
        assert editor.wrong == [], address

    edit = page.locator("a[href$='/edit/'][href*='/cms/pages/']")
    page.goto(f"{editor.url}/cms/pages/")
    page.goto(editor.url + str(edit.first.get_attribute("href")))
    page.get_by_role("button", name="Toggle preview").click()
    frame = page.frame_locator("iframe[title='Preview'][src]")
    expect(frame.locator("body")).to_contain_text("Common Ground", timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert editor.wrong == []
