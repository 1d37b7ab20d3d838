"""A fellow hands over: writes section by section, offers what is done, and reads what those who receive it say."""

import re

import pytest

from tests.journeys.conftest import Somebody
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
FELIX = "felix-arrowvale@fellows.example"
HOLLIS = "hollis-adeyvere@health.orvella.example"  # supervises at the host
WANJIRU = "wanjiru-stelmark@health.orvella.example"  # is to receive
STORY, STATE = "1 Purpose and story", "2 State of the work"
ANSWERS = {
    STORY: {
        "What should be better": "People sit down before nine. Nobody waits until noon.",
        "Who uses it": "Nurses at the front desk. Shift workers come late.",
        "most important result": "The median wait fell by an hour.",
        "Which decisions": "No app: a telephone and a list.",
    },
    STATE: {
        "What became of each deliverable": "Booking by telephone: accepted.",
        "What is in real use": "The list, by forty people.",
        "works only in a demonstration": "The screen in the hall.",
        "What is half done": "Sunday hours.",
    },
}


def test_a_fellow_hands_over_what_was_learned(somebody: Somebody):
    felix = somebody(FELIX)
    felix.sees("Your placements").is_well()
    opens_the_plan(felix).sees("0 of 14 required sections").sees("nobody yet for Product").is_well()
    writes(felix, STORY, half=True)
    writes(felix, STORY)
    felix.sees("Saved. It can be offered as soon as somebody is named to receive it.").is_well()

    names_who_receives(somebody(HOLLIS))

    writes(felix, STATE)
    felix.sees("Saved. It can be offered now.")
    opens_the_plan(felix).click("Offer sections").is_at("Offer sections").sees("Not ready yet").is_well()
    felix.click("Offer", role="button", exact=True).sees("2 sections are offered.")
    opens_section(felix, STORY).sees("Wanjiru Stelmark answers next")

    wanjiru = somebody(WANJIRU)
    wanjiru.sees(re.compile("2 sections")).is_well()
    accepts(wanjiru, STORY)
    sends_back(wanjiru, STATE, "Say how many use the list on Sundays.")

    felix.goes("Desk").sees("Write 1 section of your handover").sees("Sent back: 2 State of the work").is_well()
    opens_section(felix, STATE).sees("It was sent back: Wanjiru Stelmark says what is missing")
    felix.sees("Say how many use the list on Sundays.").click("Write it").fill("What is half done", "Sunday hours: nine people.")
    felix.click("Save", role="button").click("Offer it again", role="button").sees("Wanjiru Stelmark answers next")
    accepts(wanjiru, STATE, "Sunday hours: nine people.")

    leaves_out(felix, "12 Next steps")
    opens_the_plan(felix).sees("2 of 14 required sections").sees("Wanjiru Stelmark accepted “State of the work”.").is_well()


def opens_the_plan(person: Person) -> Person:
    return person.goes("Handovers").click("Felix Arrowvale").is_at("Handover of “Shorter waits in district clinics”")


def opens_section(person: Person, section: str) -> Person:
    title = section.partition(" ")[2]
    opens_the_plan(person).click(title, within="main table")
    return person.is_at(title)


def writes(felix: Person, section: str, *, half: bool = False) -> None:
    opens_section(felix, section).click("Write it").is_at("Write it")
    if not half:
        felix.is_well()
    answers = list(ANSWERS[section].items())
    for label, text in answers[: 1 if half else None]:
        felix.fill(re.compile(label), text)
    felix.click("Save", role="button")
    if half:
        felix.sees("Saved as a draft. Answers that are still missing: 3.").sees(answers[0][1])


def names_who_receives(hollis: Person) -> None:
    opens_the_plan(hollis).click("Name who receives").is_at("Name who receives").is_well()
    hollis.choose(re.compile("^Receiving lead"), "Hollis Adeyvere").choose(re.compile("^Product"), "Wanjiru Stelmark")
    hollis.click("Save", role="button").sees("9 sections have a new receiver.")


def accepts(wanjiru: Person, section: str, text: str = "") -> None:
    opens_section(wanjiru, section).sees("It waits for you").click("Read and accept").is_at("Accept it")
    wanjiru.sees(text or ANSWERS[section]["most important result"]).is_well()
    wanjiru.click("I accept this section", role="button").sees(f"You have accepted “{section}”.")


def sends_back(wanjiru: Person, section: str, reason: str) -> None:
    opens_section(wanjiru, section).click("Send it back").is_at("Send it back").is_well()
    wanjiru.click("Send it back", role="button").sees("What is missing: Fill this in.").is_well()
    wanjiru.fill(re.compile("^What is missing"), reason).click("Send it back", role="button")
    wanjiru.sees("Felix Arrowvale writes this next").sees(reason)


def leaves_out(felix: Person, section: str) -> None:
    opens_section(felix, section).click("Leave it out").is_at("Leave it out").is_well()
    felix.fill("Reason", "The list needs no next step.").click("Leave it out", role="button").sees("it is left out")
