"""A visitor, without an account: what was promised, whether it happened, and the data to take along."""

import json
import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Somebody
from tests.journeys.person import Person
from tests.journeys.story import ATOM

pytestmark = pytest.mark.browser
BODY = "Pell Uplands Water Board"
TOLD = "The flag on the tower"
OLDEST = "Nobody should wait from seven until noon"
LEVELS = {
    "Openness and transparency": 1,
    "Participation and Engagement": 3,
    "Collaboration, co-design, co-creation, co-production": 2,
}


def test_a_visitor_finds_what_came_of_it(somebody: Somebody):
    visitor = somebody()
    accepted, late = reads_the_first_page(visitor)
    finds_what_was_promised(visitor, late)
    finds_case_studies(visitor)
    follows_the_records_of_one(visitor)
    asks_what_became_of_a_hackathon(visitor)
    looks_up_an_organisation(visitor)
    assert visitor.context.cookies() == []
    assert accepted > late


def reads_the_first_page(visitor: Person) -> tuple[int, int]:
    """How many duties were accepted, and how many are late."""
    visitor.is_at("What public bodies and civic technologists promised each other").is_well()
    said = visitor.page.get_by_text(re.compile("of which .* accepted, .* late")).first.inner_text()
    due, accepted, late = (int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", said))
    assert due >= accepted + late
    return accepted, late


def finds_what_was_promised(visitor: Person, late: int) -> None:
    """Two clicks from the first page: each duty of an agreement, who owes it, and how it stands."""
    visitor.goes("Agreements").is_at("Register of agreements").is_well()
    assert same_in_every_shape(visitor) == 29
    lines = visitor.page.locator(".result").all_inner_texts()
    assert sum(int(found) for line in lines for found in re.findall(r"(\d+) late", line)) == late

    visitor.choose("Organisation", BODY).choose("State", "In force").click("Show", role="button")
    visitor.sees("of 29 on the register").does_not_see("Statistics Orvella, Cohort")
    assert same_in_every_shape(visitor) == 3
    visitor.click(re.compile(f"{BODY}, Cohort 4")).is_at("Cohort 4").sees("In force").sees("What each side promised").is_well()
    row = visitor.page.get_by_role("row", name=re.compile("Publish the brief to the fellow"))
    expect(row).to_contain_text(BODY)
    expect(row).to_contain_text(re.compile(r"(\d+) of \1 dates accepted"))


def finds_case_studies(visitor: Person) -> None:
    visitor.goes("Case studies").is_at("Case studies").is_well()
    assert same_in_every_shape(visitor) == 6
    for level, number in LEVELS.items():
        visitor.choose("Level", level).click("Show", role="button").sees(f"{number} case stud")
        assert len(in_the_feed(visitor)) == same_in_every_shape(visitor) == number
    visitor.click("Clear").sees("6 case studies")

    years = visitor.page.get_by_label("Year of the work").locator("option").all_inner_texts()
    visitor.choose("Year of the work", years[-1]).click("Show", role="button").sees(OLDEST)
    assert years[0] == "Any year" and years[1:] == sorted(years[1:], reverse=True)
    assert visitor.counted() == 1
    visitor.click("Clear").choose("Agency or partner", BODY).click("Show", role="button").sees("1 case study").sees(TOLD)
    assert in_the_feed(visitor) == [TOLD]
    visitor.go(visitor.page.url).sees("1 case study")  # an address that somebody else was sent


def follows_the_records_of_one(visitor: Person) -> None:
    """From the story to its cycle, and to the agreement under which the work was done."""
    visitor.click(TOLD).is_at(TOLD).sees("What did not work").sees("4.2")
    for output in ("Leak card", "Rules for a same-day notice"):
        visitor.sees(output).sees("Adopted")
    visitor.is_well().click("Cohort 4").is_at("Cohort 4").sees(re.compile(BODY)).is_well()
    number = visitor.page.get_by_role("link", name=re.compile(r"CG-\d{4}-\d{4}"))
    host = visitor.page.locator("main li, main article, main tr").filter(has_text=BODY).filter(has=number)
    expect(host.first).to_contain_text("In force")


def asks_what_became_of_a_hackathon(visitor: Person) -> None:
    visitor.goes("Hackathons").is_at("Hackathons").is_well().click("Open Water, Open Doors").is_at("Open Water, Open Doors")
    assert same_in_every_shape(visitor, ("CSV", "JSON")) == 21
    rows = visitor.page.locator("main table").filter(has_text="Asked on").locator("tbody tr")
    expect(rows).to_have_count(21)
    states = [text.strip() for text in rows.locator("td:nth-of-type(1)").all_inner_texts()]
    unknown = [text for text in states if text.startswith("Unknown")]
    assert all(states) and any(text.startswith("Adopted") for text in states)
    visitor.is_well().click(re.compile("^Unknown")).sees("4 outputs")
    assert len(unknown) == 4 == same_in_every_shape(visitor, ("CSV", "JSON"))
    expect(rows).to_have_count(4)
    visitor.sees("Tide and time").does_not_see("Leak card")


def looks_up_an_organisation(visitor: Person) -> None:
    visitor.goes("Organisations").is_at("Organisations")
    assert same_in_every_shape(visitor) == 20
    visitor.fill("Name or city", "water board").click("Show", role="button").sees("1 organisation").is_well()
    visitor.click(BODY).is_at(BODY).sees(TOLD).sees("Leak card").sees("Cohort 4").is_well()


def same_in_every_shape(visitor: Person, links: tuple[str, str] = ("These as CSV", "These as JSON")) -> int:
    """As many on the page as in the file for spreadsheets and in that for programs."""
    shown = visitor.counted()
    rows = visitor.takes_rows(links[0])
    data = json.loads(visitor.takes(links[1]))
    (listed,) = [value for value in data.values() if isinstance(value, list)]
    assert len(rows) == len(listed) == shown
    return shown


def in_the_feed(visitor: Person) -> list[str | None]:
    feed = ElementTree.fromstring(visitor.takes(re.compile("as a feed")))
    return [entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
