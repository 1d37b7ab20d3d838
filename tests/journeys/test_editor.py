"""An editor tells what came of a record: begun in one step, written in Wagtail, published; and the page follows the record.

Wagtail's admin is a program in the browser: without JavaScript it says so, and everything before and after it goes on without.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import story
from tests.journeys.conftest import Somebody
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
CORA = "cora-lindqvarne@bridgeworks.example"
MAREN = "maren-quillstead@bridgeworks.example"
OUTPUT, EVENT = "Village loudspeaker", "Open Water, Open Doors"
TOLD = "The flag on the tower"


def test_an_editor_publishes_a_case_study_and_the_page_follows_the_record(somebody: Somebody, way: str):
    cora, maren, visitor = somebody(CORA), somebody(MAREN, width=1280), somebody()
    begins_from_the_record(cora)
    story.is_nowhere(visitor, OUTPUT)
    if way == "no-script":
        maren.click("Write and publish pages")
        notice = maren.page.locator("noscript")
        expect(notice).to_be_visible()
        assert "JavaScript is required to use Wagtail" in notice.inner_text()
        finds(visitor, TOLD).sees("Leak card").is_well()
        renames(cora, "Leak card", "Leak card for crews")
        assert_follows(visitor, "Leak card for crews")
    else:
        writes_and_publishes(maren)
        finds(visitor, OUTPUT).sees("Unknown").sees("Further on: told by the team.").is_well()
        answers(cora)
        assert_follows(visitor, "Merged into other work").does_not_see("Unknown")


def begins_from_the_record(cora: Person) -> None:
    """The one action, on the page of what it will tell of. Asked again it leads to the draft that is there."""
    opens_output(cora, OUTPUT).is_well().click("Make a case study")
    expect(cora.page).to_have_title(re.compile("Editing Case study: Village loudspeaker"))
    opens_output(cora.go("/").goes("Your desk"), OUTPUT)
    expect(cora.page.get_by_role("link", name=OUTPUT, exact=True)).to_have_count(1)
    assert cora.page.get_by_role("button", name="Make a case study").count() == 0


def opens_output(cora: Person, title: str) -> Person:
    return cora.goes("Hackathons").click(EVENT).is_at(EVENT).click(title, within="main table").is_at(title)


def finds(visitor: Person, title: str) -> Person:
    return (
        visitor.goes("Case studies")
        .fill("Words", title)
        .click("Show", role="button")
        .sees("1 case study")
        .click(title)
        .is_at(title)
    )


def answers(cora: Person) -> None:
    """Nobody had, after two reminders. An answer is still welcome."""
    cora.sees("It counts as unknown: an answer is still welcome").click("Answer").is_at("What became of").is_well()
    cora.tick("Merged into other work").fill("Where can a stranger see that?", "Part of the notice on the tower.")
    cora.click("Send the answer", role="button").sees("Merged into other work").is_well()


def renames(cora: Person, title: str, new: str) -> None:
    opens_output(cora, title).click("Change", exact=True).fill("Title", new).click("Save", role="button").is_at(new)


def assert_follows(visitor: Person, text: str) -> Person:
    """Nobody has saved the page since."""
    visitor.page.reload()
    return visitor.sees(text).is_well()


def writes_and_publishes(maren: Person) -> None:
    story.goes_to_the_case_studies(maren)
    maren.click(OUTPUT, exact=True).sees(f"{OUTPUT}, {EVENT}")
    maren.fill(re.compile("^Summary"), "A loudspeaker on the square, and why nobody heard it.")
    maren.choose(re.compile("^Level"), "Participation and Engagement")
    for part in story.PARTS:
        story.types(maren, part, f"{part}: told by the team.")
    story.adds_a_paragraph(maren, "Further on: told by the team.")
    story.publishes(maren)
    maren.sees("Give a figure, or tick “there is no outcome yet”.").tick("There is no outcome yet")
    story.publishes(maren)
    maren.sees("has been published")
    assert maren.wrong == []
