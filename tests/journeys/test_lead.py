"""The lead of the NGO that runs the programme: how it stands, what was handed over, what she answers and signs for it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Somebody
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
ULRIKE = "ulrike-fenwold@bridgeworks.example"
PROGRAMME = "Orvella Public Service Fellowship"
NGO = "Orvella Bridgeworks"
TO_SIGN = "Host placement: Ministry of Justice, Cohort 6"
COORDINATORS = ("Cora Lindqvarne", "Tendai Osmarrow")


def test_a_lead_signs_for_the_programme_and_sees_how_it_stands(somebody: Somebody):
    ulrike = somebody(ULRIKE)
    ulrike.sees("Check 6 duties that were reported").sees(f"Sign or decline: {TO_SIGN}").is_well()
    sees_the_programme(ulrike)
    sees_the_cohort(ulrike)
    reads_a_handover(ulrike)
    answers_a_report(ulrike)
    signs_for_the_programme(ulrike)
    declines_the_other(ulrike)


def sees_the_programme(ulrike: Person) -> None:
    ulrike.goes("Programmes").is_at("Programmes").click(PROGRAMME).is_at(PROGRAMME)
    for name in COORDINATORS:
        ulrike.sees(name)
    ulrike.sees(NGO).sees("Cohort 6").is_well()
    assert [ulrike.page.get_by_role("link", name=name, exact=True).count() for name in ("Change", "Give a role")] == [0, 0]


def sees_the_cohort(ulrike: Person) -> None:
    """This year's: 24 places, 25 people, and who left stays counted; each figure leads to what it counts."""
    ulrike.goes("Cycles").is_at("Cycles").click("Cohort 5", within="main table").is_at("Cohort 5").is_well()
    figures = ulrike.page.locator(".figures li").all_inner_texts()
    found = {lines[1]: lines[0] for lines in (text.strip().splitlines() for text in figures) if len(lines) > 1}
    assert [found[name] for name in ("Places", "People", "Left", "Replaced")] == ["24", "25", "1", "1"]
    ulrike.click(re.compile("^1 ?Left"), role="link").sees("Jasper Umeharrow").does_not_see("Felix Arrowvale")
    assert ulrike.counted() == len(ulrike.takes_rows("Download as CSV")) == 1
    ulrike.is_well()


def reads_a_handover(ulrike: Person) -> None:
    ulrike.goes("Handovers").is_at("Handovers").choose("Cycle", f"Cohort 4, {PROGRAMME}").choose("Stands", "Accepted")
    ulrike.click("Show", role="button").sees("19 handovers").is_well()
    assert len(ulrike.takes_rows("Download as CSV")) == 19
    ulrike.click("Ingrid Vallonsey").is_at("Handover of").sees("14 of 14 required sections")
    ulrike.click("Purpose and story", within="main table").is_at("Purpose and story").sees(
        "Nobody acts: it is accepted"
    ).is_well()
    assert [ulrike.page.get_by_role("link", name=name).count() for name in ("Write it", "Waive it")] == [0, 0]


def answers_a_report(ulrike: Person) -> None:
    """What a host says it has done is accepted by her side; the list is shorter then."""
    ulrike.goes("Desk").click("Check 6 duties that were reported").is_at("Duties").is_well()
    assert ulrike.counted() == len(ulrike.takes_rows("Download as CSV")) == 6
    ulrike.click(re.compile("."), role="link", within="main table tbody tr:first-child th").sees("in the shared folder").is_well()
    ulrike.click("Accept or send back").is_at("Accept or send back").is_well().tick("Accept: it is done")
    ulrike.click("Answer", role="button").sees("Nobody acts: it is done and accepted").is_well()
    ulrike.goes("Desk").sees("Check 5 duties that were reported")


def signs_for_the_programme(ulrike: Person) -> None:
    ulrike.goes("Desk").click(f"Sign or decline: {TO_SIGN}")
    ulrike.is_at(f"Sign for {NGO}").sees("Leila Marchbanker").is_well()
    ulrike.tick(re.compile("^I have read this agreement")).click("Sign the agreement", role="button")
    ulrike.sees("You have signed").sees("Leila Marchbanker signs for Ministry of Justice.").is_well()
    ulrike.goes("Agreements").choose("Waits for", "Me, to sign").click("Show", role="button").sees("1 agreement")


def declines_the_other(ulrike: Person) -> None:
    ulrike.click(re.compile("^Host placement")).click("Decline, with a reason").is_well()
    ulrike.click("Decline to sign", role="button").sees("There is a problem")
    ulrike.fill("Reason", "The budget of the service is not decided.").click("Decline to sign", role="button")
    ulrike.sees("The budget of the service is not decided.").is_well()
    expect(ulrike.page.get_by_role("link", name="Read and sign")).to_have_count(0)
    ulrike.goes("Desk").does_not_see("Sign or decline")
