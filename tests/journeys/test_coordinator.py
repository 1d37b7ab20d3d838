"""A coordinator's Monday: what is late, what may end and what may not, a list that comes in, an event that is closed."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Somebody
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
CORA = "cora-lindqvarne@bridgeworks.example"
PROGRAMME = "Orvella Public Service Fellowship"
# As somebody's spreadsheet writes it: semicolons, Latin letters of Windows, words of its own for how far a thing is.
LIST = """Titel;Problem;Stand
Bänke im Schatten;Wer wartet, steht in der Sonne.;In Arbeit
Offene Spielplätze;Niemand weiß, was repariert wird.;läuft noch
Müll nach Kalender;Die Abfuhr wird verpasst.;abgeschlossen
;Ohne Namen.;geplant
"""
STATES = {"In Arbeit": "Running", "läuft noch": "Running", "abgeschlossen": "Finished", "geplant": "Proposed"}


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def test_a_coordinator_does_what_monday_asks(somebody: Somebody, tmp_path: Path):
    cora = somebody(CORA)
    sees_the_most_urgent_first(cora)
    waives_one_section_of_a_late_handover(cora)
    may_not_complete_what_is_not_handed_over(cora)
    completes_what_is(cora)
    reminds_who_has_waited_longest(cora)
    takes_lists_along(cora)
    closes_an_event(cora)


def test_a_coordinator_brings_a_list_in_and_the_second_time_it_adds_nothing(somebody: Somebody, tmp_path: Path):
    cora = somebody(CORA)
    projects = cora.goes("Projects").is_at("Projects").counted()
    file = tmp_path / "projekte.csv"
    file.write_bytes(LIST.encode("cp1252"))
    brings_in(cora, file)
    cora.click("Decide", exact=True).is_at("Import projekte into").is_well()
    tick = cora.page.locator("main form input[type=checkbox]")
    if tick.count():
        tick.first.check()
    cora.click("Import it", role="button")
    waits_for(cora, "It is imported").is_well()
    assert figures(cora)["Projects"] == ["3", "0", "0", "1"]

    assert cora.goes("Projects").counted() == projects + 3
    cora.fill("Title or problem", "Schatten").click("Show", role="button").sees("1 project").click("Bänke im Schatten")
    cora.is_at("Bänke im Schatten").sees("Running").sees("In Arbeit").sees("Wer wartet, steht in der Sonne.").is_well()

    brings_in(cora, file, again=True)
    assert figures(cora)["Projects"] == ["0", "0", "3", "1"]
    assert cora.goes("Projects").counted() == projects + 3


def sees_the_most_urgent_first(cora: Person) -> None:
    cora.is_well()
    groups = cora.page.get_by_role("list", name="What to do next").locator("li")
    expect(groups.nth(0)).to_have_text("Overdue")
    expect(groups.nth(1)).to_contain_text("The handover of Hedda Mbarrowe at Town of Dunmarrow is late")
    cora.click("The handover of Hedda Mbarrowe at Town of Dunmarrow is late")
    cora.is_at("Handover of “Rent rules in plain words”").sees("Late").sees("8 of 14 required sections").is_well()
    cora.sees("Hedda Mbarrowe writes 6 sections next")


def waives_one_section_of_a_late_handover(cora: Person) -> None:
    cora.click("Money and contracts", within="main table").is_at("Money and contracts").is_well().click("Waive it")
    cora.is_at("Waive it").is_well().click("Waive the section", role="button").sees("There is a problem").is_well()
    cora.fill("Reason", "The town pays from its own budget; there is no contract.")
    cora.click("Waive the section", role="button").sees("Nobody acts: it is waived").sees("there is no contract").is_well()
    cora.click("Hedda Mbarrowe").sees("9 of 14 required sections")


def may_not_complete_what_is_not_handed_over(cora: Person) -> None:
    """Its last day has come; the page names what is missing and of whom."""
    opens_placement(cora, "Hedda Mbarrowe")
    ends_yesterday(cora)
    cora.sees("The placement cannot be completed yet").sees(re.compile("Ibrahim Coldwatter")).is_well()
    cora.sees(re.compile("9 Data.*10 Open obligations.*11 Risks and assumptions.*15 What becomes of it.*17 Sign-off"))
    cora.does_not_see("14 Money and contracts")
    assert cora.page.get_by_role("link", name="Complete the placement").count() == 0


def completes_what_is(cora: Person) -> None:
    opens_placement(cora, "Ingrid Vallonsey")
    ends_yesterday(cora)
    cora.sees("The placement can be completed").click("Complete the placement")
    cora.is_at("Complete the placement of Ingrid Vallonsey").sees("This cannot be taken back.").sees("14 of 14").is_well()
    cora.click("Complete the placement", role="button").is_at("Ingrid Vallonsey at").sees("Completed").is_well()


def opens_placement(cora: Person, name: str) -> None:
    cora.goes("Placements").is_at("Placements").fill("Fellow, host or project", name).click("Show", role="button")
    cora.click(name, within="main table").is_at(name)


def ends_yesterday(cora: Person) -> None:
    cora.click("Change", exact=True).is_at("Change the placement").fill("Last day", yesterday().isoformat())
    cora.click("Save the changes", role="button")


def reminds_who_has_waited_longest(cora: Person) -> None:
    cora.goes("Agreements").is_at("Agreements").is_well()
    first = cora.page.locator("main tbody tr").first
    expect(first).to_contain_text("Inês Varrenholt")
    expect(first).to_contain_text("Waiting 18 days")
    cora.click(re.compile("^Host placement"), within="main tbody tr:first-child").sees("Waiting 18 days").is_well()
    cora.click("Remind Inês Varrenholt", role="button").sees("Last reminder:").is_well()


def takes_lists_along(cora: Person) -> None:
    """What is narrowed on the page is narrowed in the file."""
    for place, field, option, number in (
        ("Agreements", "State", "Out for signature", 3),
        ("Handovers", "Stands", "Accepted", 19),
        ("Follow-ups", "Outcome", "Unknown", 7),
    ):
        cora.goes(place).choose(field, option).click("Show", role="button").sees(re.compile(f"^\\s*{number} "))
        assert cora.counted() == len(cora.takes_rows("Download as CSV")) == number
        cora.is_well()


def closes_an_event(cora: Person) -> None:
    """What was made has an owner at an agency; from then on the questions stand with their days."""
    ends = yesterday()
    cora.goes("Hackathons").click("Open a hackathon").is_at("Open a hackathon").is_well()
    cora.fill("Title", "Clear letters day").choose("Organisation that holds it", "Many Hands Lab")
    cora.fill("First day", ends.isoformat()).fill("Last day", ends.isoformat())
    cora.click("Open the hackathon", role="button").is_at("Clear letters day").is_well()
    cora.click("Add an output").fill("Title", "A letter of one page").click("Add the output", role="button")
    cora.is_at("Name the owner").sees("“A letter of one page” is on record.").is_well()
    cora.choose("Agency", "City of Saltmere").click("Show its people", role="button").is_well()
    cora.tick("Dmitro Haleworth").click("Name the owner", role="button").sees("It has its owner").is_well()
    cora.goes("Hackathons").click("Clear letters day").sees("Ready to close").click("Look at the days and close")
    cora.is_at("Close Clear letters day?")
    for days in (30, 90, 180, 365):
        cora.sees(f"{days} days").sees(f"{(ends + timedelta(days=days)).day} ")
    cora.is_well().click("Close the hackathon", role="button").sees("Closed").is_well()
    cora.goes("Follow-ups").choose("Hackathon", "Clear letters day").click("Show", role="button").sees("4 follow-ups")


def brings_in(cora: Person, file: Path, *, again: bool = False) -> None:
    """Upload, columns, values, check: until the figures of what would happen stand there."""
    cora.goes("Projects").click("Import a list").is_at("Import a list").sees("at most 10,000 rows").is_well()
    cora.choose("What do you import, and where to?", f"Projects: {PROGRAMME}").gives("Files", file)
    cora.click("Upload", role="button").is_at("Which column is what?").is_well()
    cora.click("Save and go on", role="button").is_at("What does each value mean?").is_well()
    if not again:
        for written, state in STATES.items():
            cora.choose(written, state)
    cora.click("Save and check", role="button")
    waits_for(cora, "Decide whether it comes in").sees("What would happen").is_well()
    cora.sees(re.compile(r"row 5\b"))


def waits_for(cora: Person, text: str) -> Person:
    """What the worker does: the page looks again by itself, without a script too."""
    expect(cora.page.locator("main").get_by_text(text).first).to_be_visible(timeout=120_000)
    return cora


def figures(cora: Person) -> dict[str, list[str]]:
    """{kind: added, changed, unchanged, refused}"""
    rows = cora.page.get_by_role("table").first.locator("tbody tr").all()
    return {
        row.locator("th").inner_text().strip(): [text.strip() for text in row.locator("td").all_inner_texts()] for row in rows
    }
