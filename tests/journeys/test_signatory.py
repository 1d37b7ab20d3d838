"""A signatory of an agency: what waits, the whole text, the signature, the copy; and what her organisation owes afterwards."""

import hashlib
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Somebody
from tests.journeys.person import Person
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
INES = "ines-varrenholt@revenue.orvella.example"
CORA = "cora-lindqvarne@bridgeworks.example"
BODY = "Orvella Revenue Office"
FOREIGN = "Host placement: Ministry of Justice, Cohort 6"
AGREEMENT = f"Host placement: {BODY}, Cohort 6"


def test_a_signatory_reads_signs_and_keeps_the_copy(somebody: Somebody, orvella: Site):
    ines = somebody(INES)
    ines.sees(f"Sign or decline: {AGREEMENT}").sees("18").is_well()
    number = finds_what_waits_for_her(ines)
    reads(ines, number)
    signs(ines)
    keeps_the_copy(ines, orvella, number)
    sees_what_is_owed(ines, number)
    listed = somebody(CORA).goes("Agreements").takes_rows("Download as CSV")
    foreign = next(row["Number"] for row in listed if row["Title"] == FOREIGN)
    assert [ines.status(f"/desk/agreements/{foreign}/"), ines.status("/desk/imports/new/")] == [404, 403]


def finds_what_waits_for_her(ines: Person) -> str:
    """The number of the one agreement that she has to sign: by the list, whose filter is shared by its file."""
    ines.goes("Agreements").is_at("Agreements").is_well()
    assert ines.counted() == len(ines.takes_rows("Download as CSV")) == 4
    ines.choose("Waits for", "Me, to sign").click("Show", role="button").sees("1 agreement")
    (row,) = ines.takes_rows("Download as CSV")
    assert AGREEMENT in row.values()
    ines.click(AGREEMENT).is_at(AGREEMENT).sees("You sign next").sees("Ulrike Fenwold, Director").is_well()
    number = re.search(r"CG-\d{4}-\d{4}", ines.page.url)
    assert number
    return number[0]


def reads(ines: Person, number: str) -> None:
    ines.click("Read the text").is_well()
    for part in ("Exhibit 1", "Exhibit 2", "Eamon Strathfell", "24,000"):
        ines.sees(part)
    ines.click(number).is_at(AGREEMENT)


def signs(ines: Person) -> None:
    ines.click("Read and sign").is_at(f"Sign for {BODY}").sees("named to sign").is_well()
    ines.click("Sign the agreement", role="button").sees("There is a problem").is_well()
    ines.tick(re.compile("^I have read this agreement")).click("Sign the agreement", role="button")
    ines.sees("You have signed").sees("The agreement is in force.").is_well()


def keeps_the_copy(ines: Person, site: Site, number: str) -> None:
    """The page says that the file is being made. Then it comes by mail and stands there, the same, with its fingerprint."""
    ines.sees("being made, ready in a minute")
    copy = next(site.wait_for_mail(INES, "Your copy", seconds=300).iter_attachments())
    ines.goes("Agreements").click(AGREEMENT)
    link = ines.page.get_by_role("link", name="With the record of the signatures, PDF")
    expect(link).to_be_visible()
    file = ines.page.request.get(ines.url + str(link.get_attribute("href")))
    assert (copy.get_filename(), file.headers["content-type"]) == (f"{number}.pdf", "application/pdf")
    assert file.body() == copy.get_content() and file.body().startswith(b"%PDF-")
    shown = ines.page.locator("#files").locator("..").inner_text().replace(" ", "")
    assert hashlib.sha256(file.body()).hexdigest()[:32] in shown
    ines.is_well()


def sees_what_is_owed(ines: Person, number: str) -> None:
    """With the last signature every duty has its dates, and the desk no longer asks for a signature."""
    ines.sees("In force until").click("All duties of this agreement").is_at("Duties").is_well()
    shown = ines.counted()
    assert shown == len(ines.takes_rows("Download as CSV")) > 50
    ines.goes("Desk").does_not_see("Sign or decline").is_well()
    ines.sees("Your roles")
