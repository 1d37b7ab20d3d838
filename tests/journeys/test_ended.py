"""A signatory's role ends while her browser stands before the signature: the next click of every kind is refused."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from core.demo import PASSWORD
from tests.journeys.conftest import WAYS
from tests.journeys.person import Person
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
INES, CORA = "ines-varrenholt@revenue.orvella.example", "cora-lindqvarne@bridgeworks.example"
BODY = "Orvella Revenue Office"
AGREEMENT = f"Host placement: {BODY}, Cohort 6"


@pytest.fixture
def two(browser: Browser, orvella: Site) -> Iterator[tuple[Person, Person]]:
    """Ines with her own browser, Cora with hers."""
    people = tuple(Person(browser, orvella.url, **WAYS["mouse"]) for _ in range(2))
    for person, email in zip(people, (INES, CORA), strict=True):
        person.go("/").goes("Sign in").sign_in(email, PASSWORD)
    yield people
    for person in people:
        person.context.close()
    assert [wrong for person in people for wrong in person.wrong] == []


def test_the_open_page_the_form_the_link_the_list_and_the_file_are_refused(two: tuple[Person, Person]):
    ines, cora = two
    ines.goes("Agreements").click(AGREEMENT).is_at(AGREEMENT)
    record = ines.page.url.removeprefix(ines.url)
    ines.click("Read and sign").is_at(f"Sign for {BODY}").tick(re.compile("^I have read this agreement"))
    bookmarks = [record, f"{record}text/", f"{record}text.json", f"{record}sign/"]
    assert [ines.status(each) for each in bookmarks] == [200] * 4

    cora.go("/desk/organisations/?words=Revenue").click(BODY).is_at(BODY)
    for role in ("Signatory", "Executive sponsor"):
        cora.click(f"End the role of Inês Varrenholt as {role}").click("End the role", role="button").is_at(BODY)

    ines.click("Sign the agreement", role="button").sees("There is no page here for you").does_not_see("You have signed")
    assert [ines.status(each) for each in bookmarks] == [404] * 4
    ines.go("/desk/agreements/").does_not_see(AGREEMENT)
    assert AGREEMENT not in ines.page.request.get(f"{ines.url}/desk/agreements/?format=csv").text()
    cora.go(record).is_at(AGREEMENT).does_not_see("Signed by Inês Varrenholt")
