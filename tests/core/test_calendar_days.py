"""Business days: the working week, holidays, local days off, counting both ways, and how far a calendar reaches."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Calendar, CalendarError

PLAIN = Calendar()
US = Calendar("US")
# An invented country with two days off in one week.
LOCAL = Calendar(extra={date(2026, 12, 24): "Midwinter Eve", date(2026, 12, 25): "Midwinter Day"})
CALENDARS = [PLAIN, US, LOCAL, Calendar("DE-BY"), Calendar("IL"), Calendar("CN")]

days = st.dates(date(2002, 1, 1), date(2088, 12, 31))
calendars = st.sampled_from(CALENDARS)


@pytest.mark.parametrize(
    ("calendar", "day", "number", "found"),
    [
        # 1 September 2026 is a Tuesday; Monday the 7th is Labor Day: 2 3 4 | 8 9 10 11 | 14 15 16.
        (US, date(2026, 9, 1), 10, date(2026, 9, 16)),
        (PLAIN, date(2026, 9, 1), 10, date(2026, 9, 15)),
        # The same way back: 15 14 | 11 10 9 8 | 4 3 2 1.
        (US, date(2026, 9, 16), -10, date(2026, 9, 1)),
        # From a Saturday the Monday is the first business day after, the Friday the first before.
        (PLAIN, date(2026, 9, 5), 1, date(2026, 9, 7)),
        (US, date(2026, 9, 5), 1, date(2026, 9, 8)),
        (PLAIN, date(2026, 9, 5), -1, date(2026, 9, 4)),
        (PLAIN, date(2026, 9, 5), 0, date(2026, 9, 7)),
        (PLAIN, date(2026, 9, 4), 0, date(2026, 9, 4)),
        # Wednesday 23 December, then two local days off and a week-end.
        (LOCAL, date(2026, 12, 23), 1, date(2026, 12, 28)),
        # Over the turn of the year: Friday 25 December and Friday 1 January are off; 24 28 29 30 31 | 4.
        (US, date(2026, 12, 23), 6, date(2027, 1, 4)),
        # The day of observance counts as the holiday: 4 July 2026 is a Saturday, kept on Friday the 3rd.
        (US, date(2026, 7, 2), 1, date(2026, 7, 6)),
        # All Saints' Day, Monday 1 November 2027, is a holiday in Bavaria and not in Berlin.
        (Calendar("DE-BY"), date(2027, 10, 29), 1, date(2027, 11, 2)),
        (Calendar("DE-BE"), date(2027, 10, 29), 1, date(2027, 11, 1)),
        # In Israel the week runs from Sunday to Thursday: after Thursday 3 September 2026 comes Sunday the 6th.
        (Calendar("IL"), date(2026, 9, 3), 1, date(2026, 9, 6)),
        # China worked on Sunday 28 September 2025 to make up for the holidays of October.
        (Calendar("CN"), date(2025, 9, 26), 1, date(2025, 9, 28)),
        (Calendar("CN", weekdays=range(5)), date(2025, 9, 26), 1, date(2025, 9, 29)),
        # A working week of Saturdays alone.
        (Calendar(weekdays=[5]), date(2026, 9, 1), 2, date(2026, 9, 12)),
    ],
)
def test_business_days_are_counted_as_by_hand(calendar: Calendar, day: date, number: int, found: date) -> None:
    assert calendar.add(day, number) == found


def test_a_local_day_off_wins_over_a_weekend_that_is_worked() -> None:
    calendar = Calendar("CN", extra={date(2025, 9, 28): "Town festival"})
    assert calendar.add(date(2025, 9, 26), 1) == date(2025, 9, 29)


def test_next_and_previous_keep_a_business_day_and_leave_any_other() -> None:
    assert [US.next(date(2026, 9, day)) for day in (4, 5, 6, 7, 8)] == [date(2026, 9, day) for day in (4, 8, 8, 8, 8)]
    assert [US.previous(date(2026, 9, day)) for day in (4, 5, 6, 7, 8)] == [date(2026, 9, day) for day in (4, 4, 4, 4, 8)]


def test_a_holiday_has_a_name_whatever_the_language_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    names = [US.holiday(date(2026, 9, 7)), US.holiday(date(2026, 9, 8)), LOCAL.holiday(date(2026, 12, 24))]
    assert names == ["Labor Day", "", "Midwinter Eve"]
    assert Calendar("DE-HE").holiday(date(2031, 10, 3)) == "German Unity Day"


@settings(max_examples=200, deadline=None)
@given(calendars, days, st.integers(-400, 400))
def test_counting_is_the_same_as_going_day_by_day(calendar: Calendar, day: date, number: int) -> None:
    step, left, walked = timedelta(days=1 if number >= 0 else -1), abs(number), day
    while left:
        walked += step
        left -= calendar.is_business_day(walked)
    assert calendar.add(day, number) == (calendar.next(day) if number == 0 else walked)


@settings(max_examples=200, deadline=None)
@given(calendars, days, st.integers(0, 2500))
def test_from_a_business_day_counting_back_undoes_counting_on(calendar: Calendar, day: date, number: int) -> None:
    begin = calendar.next(day)
    assert calendar.add(calendar.add(begin, number), -number) == begin
    assert calendar.add(calendar.add(begin, -number), number) == begin
    assert calendar.count(begin, calendar.add(begin, number)) == number


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["US", "DE-BY", "GB-ENG", "IL", "CN", "JP"]), days)
def test_a_business_day_is_what_the_library_calls_a_working_day(code: str, day: date) -> None:
    country, _dash, part = code.partition("-")
    library = holidays.country_holidays(country, subdiv=part or None, years=day.year)
    assert Calendar(code).is_business_day(day) == library.is_working_day(day)


def test_business_days_between_two_days_do_not_include_the_first() -> None:
    # Labor Day, the 7th, and the week-end before it are none; backwards there is nothing to count.
    assert US.count(date(2026, 9, 4), date(2026, 9, 9)) == 2
    assert US.count(date(2026, 9, 9), date(2026, 9, 4)) == 0


@pytest.mark.filterwarnings("error")
def test_the_first_and_the_last_year_of_the_library_are_counted_without_a_warning() -> None:
    assert Calendar("DE-BY").add(date(1991, 1, 1), 1) == date(1991, 1, 2)
    assert Calendar("LK").add(date(2003, 1, 1), 1) == date(2003, 1, 2)
    assert Calendar("JP").is_business_day(date(2099, 12, 31))


def test_counting_is_quick_over_ten_years_and_far_away() -> None:
    Calendar("US").add(date(2090, 1, 4), 2500)
    calendar, begin = Calendar("US"), time.perf_counter()
    for _again in range(1000):
        calendar.add(date(2090, 1, 4), 2500)
    assert time.perf_counter() - begin < 0.5
    # 2,500 days of Monday to Friday are 500 weeks exactly.
    assert Calendar().add(date(2100, 1, 4), 2500) == date(2100, 1, 4) + timedelta(weeks=500)


@pytest.mark.parametrize(
    ("code", "known"), [("us", "US"), ("USA", "US"), ("UK", "GB"), ("de-by", "DE-BY"), (" gb_eng ", "GB-ENG")]
)
def test_a_code_is_read_as_people_write_it(code: str, known: str) -> None:
    assert Calendar(code).code == known


PATTERN = "There is no calendar “{}”; calendars have codes such as “US”, “DE-BY” or “GB-ENG”."
GB = "The calendar “GB” has no part “{}”. Its parts are: “ENG”, “NIR”, “SCT”, “WLS”."


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("Germany", PATTERN.format("Germany") + " Near it are: DE (Germany)."),
        ("Grmany", PATTERN.format("Grmany") + " Near it are: DE (Germany)."),
        ("QX", PATTERN.format("QX") + " Near it are: QA (Qatar)."),
        ("x" * 5000, PATTERN.format("x" * 40 + "…")),
        ("U\0S", PATTERN.format("U\ufffdS") + " Near it are: US (United States)."),
        ("ÜS", PATTERN.format("ÜS")),
        ("GB-", GB.format("")),
        ("GB-EGN", GB.format("EGN") + " Near it are: GB-ENG."),
        ("GB-Scotland", GB.format("Scotland") + " Near it are: GB-SCT."),
        ("AQ-1", "The calendar “AQ” has no part “1”. It has no parts."),
    ],
)
def test_an_unknown_code_is_refused_with_what_lies_near(code: str, sentence: str) -> None:
    with pytest.raises(CalendarError) as caught:
        Calendar(code)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    ("calendar", "day", "number", "sentence"),
    [
        (PLAIN, date(1899, 12, 31), 1, "A date falls in the year 1899; dates are counted from 1900 to 2200."),
        (PLAIN, date(1900, 1, 2), -5, "A date falls in the year 1899; dates are counted from 1900 to 2200."),
        (PLAIN, date(2200, 12, 31), 1, "A date falls in the year 2201; dates are counted from 1900 to 2200."),
        (PLAIN, date(2026, 1, 1), 10**9, "A date falls in the year 2201; dates are counted from 1900 to 2200."),
        (US, date(2100, 12, 30), 5, "The holidays of “US” are known from 1777 to 2100; a date falls in the year 2101."),
    ],
)
def test_a_year_that_the_calendar_does_not_know_is_refused(calendar: Calendar, day: date, number: int, sentence: str) -> None:
    with pytest.raises(CalendarError) as caught:
        calendar.add(day, number)
    assert caught.value.message == sentence


@pytest.mark.parametrize("weekdays", [[], [7], [-1]])
def test_a_working_week_needs_days_of_the_week(weekdays: list[int]) -> None:
    with pytest.raises(CalendarError) as caught:
        Calendar(weekdays=weekdays)
    assert caught.value.message == "A working week has at least one day, each a number from 0, Monday, to 6, Sunday."


def test_calendars_with_the_same_days_are_equal() -> None:
    one = Calendar("us", extra={date(2026, 1, 5): "A", date(2026, 1, 2): "B"}, weekdays=[0, 1])
    other = Calendar("US", extra={date(2026, 1, 2): "B", date(2026, 1, 5): "A"}, weekdays=(1, 0))
    assert one == other
    assert len({one, other, US, Calendar("US"), PLAIN}) == 3


def test_rules_are_planned_before_django_is_set_up_and_without_the_library_of_holidays() -> None:
    code = """
import datetime, sys
from core.calendar import parse, plan
day = datetime.date(2026, 9, 1)
for text in (
    "every week from start until end on friday", "1 business day before each month end until end", "gate: executed",
    "every day from start until end", "1 hour after event:breach", "prohibition until end",
):
    plan(parse(text), {"start": day, "end": day})
print("holidays" in sys.modules)
"""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (ran.stdout, ran.stderr) == ("False\n", "")
