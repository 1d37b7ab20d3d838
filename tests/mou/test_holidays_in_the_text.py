"""Which days are no business days stands in the text that is signed, and what was signed stays so."""

from datetime import date

import pytest

from core.access import HOUSE
from mou import documents
from mou.models import Duty
from partnerships import actions as partnerships
from partnerships.models import Programme


def keep(programme: Programme, days: dict[str, str]) -> None:
    partnerships.edit_programme(
        programme=programme,
        organisation=programme.organisation,
        calendar="",
        time_zone="UTC",
        local_holidays=days,
        by=HOUSE,
    )


@pytest.mark.parametrize(
    ("calendar", "days", "said"),
    [
        ("", {}, "none"),
        ("US", {}, "the public holidays of United States (calendar US)"),
        ("", {"2027-10-12": "Charter Day"}, "12 October 2027 (Charter Day)"),
        (
            "DE-BE",
            {"2027-12-24": "Midwinter Eve", "2027-10-12": "Charter Day"},
            "the public holidays of Germany, Berlin (calendar DE-BE); "
            "12 October 2027 (Charter Day); 24 December 2027 (Midwinter Eve)",
        ),
    ],
)
def test_the_text_names_every_holiday(db, calendar, days, said):
    programme = Programme(name="Tidewater", calendar=calendar, local_holidays=days)
    assert programme.holidays_text() == said


def test_days_off_of_other_years_are_left_out(db):
    programme = Programme(name="Tidewater", local_holidays={"2020-10-12": "Charter Day", "2027-10-12": "Charter Day"})
    assert programme.holidays_text(date(2027, 9, 1), date(2028, 8, 20)) == "12 October 2027 (Charter Day)"


def test_the_clause_and_the_data_of_the_text_say_it(cast, agreement_draft):
    day = agreement_draft.starts.isoformat()
    keep(cast.programme, {day: "Charter Day"})
    agreement_draft.refresh_from_db()
    text = documents.draft(agreement_draft)
    assert text["local_holidays"] == {day: "Charter Day"}
    points = [p["text"] for clause in text["clauses"] for paragraph in clause["paragraphs"] for p in paragraph["points"]]
    [said] = [point for point in points if "“business day” means" in point]
    assert said.endswith(f"a Sunday or one of these holidays: {text['holidays']};")
    assert text["holidays"].endswith("(Charter Day)")


def test_a_day_off_that_the_programme_adds_later_moves_nothing_that_was_signed(cast, agreement_in_force):
    version = agreement_in_force.version()
    before = {duty.pk: duty.why() for duty in Duty.objects.filter(agreement=agreement_in_force)}
    assert any(before.values())
    keep(cast.programme, {duty.due.isoformat(): "Everything is closed" for duty in Duty.objects.exclude(due=None)})
    assert cast.programme.business_days().extra != {}
    after = {duty.pk: duty.why() for duty in Duty.objects.filter(agreement=agreement_in_force)}
    assert after == before
    assert version.business_days().extra == {}
