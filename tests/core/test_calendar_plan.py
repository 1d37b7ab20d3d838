"""From rules to dates: a table worked by hand, and properties held against a slower way of finding the same dates."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.calendar import (
    WEEKDAYS,
    Calendar,
    CalendarError,
    Due,
    MissingAnchor,
    PlanError,
    Unit,
    extend,
    parse,
    parse_span,
    plan,
    waits_for,
)
from core.calendar.plan import Moment

US = Calendar("US")
PLAIN = Calendar()
BERLIN = ZoneInfo("Europe/Berlin")
YEAR = {"start": date(2026, 9, 1), "end": date(2027, 8, 31), "effective": date(2026, 7, 1)}


def planned(text: str, calendar: Calendar | None = None, roll: str = "business", **anchors: str) -> str:
    """The dates as the table writes them: days of one month share its name."""
    values = {name.replace("__", ":"): date.fromisoformat(value) for name, value in anchors.items()}
    return " ".join(map(str, plan(parse(text), values, calendar, roll="none" if roll == "none" else "business")))


# 1 September 2026 is a Tuesday, 1 January 2027 a Friday, 31 August 2027 a Tuesday.
# Holidays in the USA: Mon 7 Sep, Mon 12 Oct, Wed 11 Nov, Thu 26 Nov, Fri 25 Dec 2026, Fri 1 Jan, Mon 18 Jan 2027.
BY_HAND = [
    # Days and weeks: September has 30 days left of 42 after the 1st is taken as day 0: 29 to the 30th, 13 more.
    ("42 days after start", None, "business", {"start": "2026-09-01"}, "2026-10-13"),
    ("42 days after start", US, "business", {"start": "2026-09-01"}, "2026-10-13"),
    ("28 days before start", None, "business", {"start": "2026-09-01"}, "2026-08-04"),
    ("0 days after end", None, "business", {"end": "2026-10-31"}, "2026-10-31"),
    ("0 days after end", US, "business", {"end": "2026-10-31"}, "2026-11-02"),
    ("0 days before end", US, "business", {"end": "2026-10-31"}, "2026-10-30"),
    ("0 days after end", US, "none", {"end": "2026-10-31"}, "2026-10-31"),
    ("10 weeks after start", None, "business", {"start": "2026-09-01"}, "2026-11-10"),
    ("365 days after end", None, "business", {"end": "2027-08-31"}, "2028-08-30"),
    # Rolling: 5 September 2026 is the Saturday before Labor Day, so forward is Tuesday the 8th and back Friday the 4th.
    ("1 week after start", US, "business", {"start": "2026-08-29"}, "2026-09-08"),
    ("1 week before end", US, "business", {"end": "2026-09-12"}, "2026-09-04"),
    ("1 week before end", US, "none", {"end": "2026-09-12"}, "2026-09-05"),
    # Months are cut at the end of a shorter month, in both directions.
    ("1 month after start", None, "business", {"start": "2027-01-31"}, "2027-02-28"),
    ("1 month after start", None, "business", {"start": "2028-01-31"}, "2028-02-29"),
    ("1 month before end", None, "business", {"end": "2027-03-31"}, "2027-02-28"),
    ("1 month before end", None, "business", {"end": "2027-01-31"}, "2026-12-31"),
    ("13 months after start", None, "business", {"start": "2026-12-15"}, "2028-01-15"),
    ("1 year after start", None, "business", {"start": "2028-02-29"}, "2029-02-28"),
    ("4 years after start", None, "business", {"start": "2028-02-29"}, "2032-02-29"),
    ("1 year before end", None, "business", {"end": "2028-02-29"}, "2027-02-28"),
    # Sunday 28 February 2027 moves to March, although the month was cut to stay in February.
    ("1 month after start", US, "business", {"start": "2027-01-31"}, "2027-03-01"),
    # Business days: 2 3 4 | 8 9 10 11 | 14 15 16 September.
    ("10 business days after effective", US, "business", {"effective": "2026-09-01"}, "2026-09-16"),
    ("10 business days after effective", None, "business", {"effective": "2026-09-01"}, "2026-09-15"),
    ("10 business days after effective", US, "none", {"effective": "2026-09-01"}, "2026-09-16"),
    # 31 28 27 26 25 August.
    ("5 business days before start", US, "business", {"start": "2026-09-01"}, "2026-08-25"),
    ("1 business day before end", US, "business", {"end": "2027-08-31"}, "2027-08-30"),
    ("0 business days after end", None, "business", {"end": "2026-10-31"}, "2026-11-02"),
    ("0 business days before end", None, "business", {"end": "2026-10-31"}, "2026-10-30"),
    ("0 business days before end", None, "business", {"end": "2026-10-30"}, "2026-10-30"),
    # Series: never on the anchor, and on the last day if it fits.
    ("every week from start until end", None, "business", {"start": "2026-09-01", "end": "2026-09-15"}, "2026-09-08 2026-09-15"),
    ("every week from start until end", None, "business", {"start": "2026-09-01", "end": "2026-09-07"}, ""),
    ("every week from start until end", None, "business", {"start": "2026-09-01", "end": "2026-09-01"}, ""),
    (
        "every month from start until end",
        None,
        "business",
        {"start": "2027-01-31", "end": "2027-05-30"},
        "2027-02-28 2027-03-31 2027-04-30",
    ),
    (
        "every 6 months from effective until end",
        None,
        "business",
        {"effective": "2026-08-31", "end": "2028-02-29"},
        "2027-02-28 2027-08-31 2028-02-29",
    ),
    (
        "every year from effective until end",
        None,
        "business",
        {"effective": "2028-02-29", "end": "2032-02-29"},
        "2029-02-28 2030-02-28 2031-02-28 2032-02-29",
    ),
    # Mondays: Labor Day moves to Tuesday, the others stay.
    (
        "every week from start until end",
        US,
        "business",
        {"start": "2026-08-31", "end": "2026-09-21"},
        "2026-09-08 2026-09-14 2026-09-21",
    ),
    # The last Monday, Labor Day itself, may not move past the end: Friday the 4th.
    ("every week from start until end", US, "business", {"start": "2026-08-31", "end": "2026-09-07"}, "2026-09-04"),
    # From Saturday the 5th to Monday the 7th there is no business day: the dates stay.
    ("every day from start until end", US, "business", {"start": "2026-09-05", "end": "2026-09-07"}, "2026-09-06 2026-09-07"),
    # Friday the 4th is inside the term, though it is the anchor: Saturday, Sunday and Labor Day go back to it as one.
    ("every day from start until end", US, "business", {"start": "2026-09-04", "end": "2026-09-07"}, "2026-09-04"),
    ("every day from start until end", US, "none", {"start": "2026-09-04", "end": "2026-09-06"}, "2026-09-05 2026-09-06"),
    (
        "every business day from start until end",
        US,
        "business",
        {"start": "2026-09-03", "end": "2026-09-09"},
        "2026-09-04 2026-09-08 2026-09-09",
    ),
    # 2 3 | 4 8 | 9 10, and the 11th is alone.
    (
        "every 2 business days from start until end",
        US,
        "business",
        {"start": "2026-09-01", "end": "2026-09-11"},
        "2026-09-03 2026-09-08 2026-09-10",
    ),
    # Fridays after a Tuesday; after a Friday the first one is a week later.
    (
        "every week from start until end on friday",
        None,
        "business",
        {"start": "2026-09-01", "end": "2026-09-11"},
        "2026-09-04 2026-09-11",
    ),
    (
        "every week from start until end on friday",
        None,
        "business",
        {"start": "2026-09-04", "end": "2026-09-11"},
        "2026-09-11",
    ),
    # Stretches of two weeks: 2 to 15 September, 16 to 29; their last Fridays are the 11th and the 25th.
    (
        "every 2 weeks from start until end on friday",
        None,
        "business",
        {"start": "2026-09-01", "end": "2026-10-02"},
        "2026-09-11 2026-09-25",
    ),
    # Month ends: 30 Sep (Wed) + 1 2 5 6 7; 31 Oct (Sat) + 2 3 4 5 6; 30 Nov (Mon) + 1 2 3 4 7.
    (
        "5 business days after each month end until end",
        US,
        "business",
        {"start": "2026-09-01", "end": "2026-11-30"},
        "2026-10-07 2026-11-06 2026-12-07",
    ),
    # The month end is in the term on its first day and on its last, and November is cut off.
    (
        "1 day after each month end until end",
        None,
        "business",
        {"start": "2026-09-30", "end": "2026-11-29"},
        "2026-10-01 2026-11-01",
    ),
    ("1 day after each month end until end", None, "business", {"start": "2026-09-01", "end": "2026-09-29"}, ""),
    # 30 Sep + 15 = 15 Oct; 31 Dec + 15 = Fri 15 Jan; 31 Mar + 15 = 15 Apr; 30 Jun + 15 = 15 Jul, all business days.
    (
        "15 days after each quarter end until end",
        US,
        "business",
        {"start": "2026-09-01", "end": "2027-08-31"},
        "2026-10-15 2027-01-15 2027-04-15 2027-07-15",
    ),
    # Saturday 31 October goes back to Friday.
    ("0 days before each month end until end", US, "business", {"start": "2026-10-01", "end": "2026-10-31"}, "2026-10-30"),
    # Before the end of a first month the date lies before the start; it is kept.
    ("10 days before each month end until end", None, "business", {"start": "2026-09-25", "end": "2026-09-30"}, "2026-09-20"),
    ("0 days after each year end until end", None, "business", {"start": "2026-01-01", "end": "2027-12-30"}, "2026-12-31"),
    ("0 days after each year end until end", US, "business", {"start": "2026-01-01", "end": "2026-12-31"}, "2026-12-31"),
    # Without a start the term begins on the effective day, and a start goes before it.
    (
        "0 days after each month end until end",
        None,
        "business",
        {"effective": "2026-09-01", "end": "2026-10-31"},
        "2026-09-30 2026-10-31",
    ),
    (
        "0 days after each month end until end",
        None,
        "business",
        {"start": "2026-10-01", "effective": "2026-09-01", "end": "2026-10-31"},
        "2026-10-31",
    ),
    (
        "0 days after each month end from effective until end",
        None,
        "business",
        {"start": "2026-10-01", "effective": "2026-09-01", "end": "2026-10-31"},
        "2026-09-30 2026-10-31",
    ),
    # Neither a gate nor a prohibition moves; 31 October 2026 is a Saturday.
    ("gate: executed", US, "business", {}, ""),
    ("prohibition until end", US, "business", {"end": "2026-10-31"}, "2026-10-31"),
    # Events, and the two names of one anchor.
    ("30 days after event:deployed", None, "business", {}, ""),
    ("30 days after event:deployed", None, "business", {"event__deployed": "2026-09-01"}, "2026-10-01"),
    ("prohibition until event:leaving", None, "business", {}, ""),
    ("every week from start until event:leaving", None, "business", {"start": "2026-09-01"}, ""),
    ("0 days after each month end until event:leaving", None, "business", {"start": "2026-09-01"}, ""),
    ("1 day after executed", None, "business", {"signature": "2026-09-01"}, "2026-09-02"),
    ("1 day after signature", None, "business", {"executed": "2026-09-01"}, "2026-09-02"),
]


@pytest.mark.parametrize(("text", "calendar", "roll", "anchors", "dates"), BY_HAND)
def test_a_rule_gives_the_dates_worked_by_hand(
    text: str, calendar: Calendar | None, roll: str, anchors: dict[str, str], dates: str
) -> None:
    assert planned(text, calendar, roll, **anchors) == dates


def test_a_date_says_where_it_comes_from_and_its_place_in_the_series() -> None:
    anchors = {"start": date(2026, 8, 31), "end": date(2026, 9, 14)}
    assert plan(parse("every week from start until end"), anchors, US) == [
        Due(date(2026, 9, 8), None, 1, date(2026, 9, 7), date(2026, 8, 31)),
        Due(date(2026, 9, 14), None, 2, date(2026, 9, 14), date(2026, 8, 31)),
    ]
    assert plan(parse("5 business days after each month end until end"), YEAR, US, limit=1) == [
        Due(date(2026, 10, 7), None, 1, date(2026, 10, 7), date(2026, 9, 30))
    ]


def test_dates_that_meet_on_one_day_are_one_and_the_numbers_stay() -> None:
    anchors = {"start": date(2026, 9, 3), "end": date(2026, 9, 9)}
    dues = plan(parse("every day from start until end"), anchors, US)
    assert [(due.number, due.day.day) for due in dues] == [(1, 4), (2, 8), (6, 9)]


# Hours.


@pytest.mark.parametrize(
    ("text", "value", "zone", "moment"),
    [
        ("72 hours after event:x", datetime(2026, 9, 1, 14, 30, tzinfo=UTC), None, "2026-09-04T14:30:00+00:00"),
        ("72 hours after event:x", datetime(2026, 9, 1, 14, 30), None, "2026-09-04T14:30:00+00:00"),
        ("72 hours before event:x", datetime(2026, 9, 1, 14, 30), None, "2026-08-29T14:30:00+00:00"),
        # Clocks in Berlin go back on 25 October 2026: 72 hours are 71 on the clock.
        ("72 hours after event:x", datetime(2026, 10, 23, 14, 30), BERLIN, "2026-10-26T13:30:00+01:00"),
        # They go forward on 28 March 2027: 24 hours are 25 on the clock.
        ("24 hours after event:x", datetime(2027, 3, 27, 14, 30), BERLIN, "2027-03-28T15:30:00+02:00"),
        ("24 hours before event:x", datetime(2027, 3, 28, 14, 30), BERLIN, "2027-03-27T13:30:00+01:00"),
        # An offset stays, and a zone tells the same instant in its own way.
        (
            "72 hours after event:x",
            datetime(2026, 10, 23, 14, 30, tzinfo=timezone(timedelta(hours=2))),
            None,
            "2026-10-26T14:30:00+02:00",
        ),
        (
            "72 hours after event:x",
            datetime(2026, 10, 23, 14, 30, tzinfo=timezone(timedelta(hours=2))),
            BERLIN,
            "2026-10-26T13:30:00+01:00",
        ),
        # A day begins at midnight of the zone.
        ("24 hours after event:x", date(2027, 8, 31), None, "2027-09-01T00:00:00+00:00"),
        ("24 hours after event:x", date(2027, 8, 31), BERLIN, "2027-09-01T00:00:00+02:00"),
        # 02:30 does not exist on 28 March: 02:30 at +01:00 is 03:30 at +02:00.
        ("0 hours after event:x", datetime(2027, 3, 28, 2, 30), BERLIN, "2027-03-28T03:30:00+02:00"),
        # 02:30 comes twice on 25 October: the first time, at +02:00.
        ("1 hour after event:x", datetime(2026, 10, 25, 2, 30), BERLIN, "2026-10-25T02:30:00+01:00"),
        # A rule in days takes the day of the moment as the zone sees it.
        ("0 days after event:x", datetime(2026, 9, 1, 23, 30, tzinfo=UTC), None, "2026-09-01"),
        ("0 days after event:x", datetime(2026, 9, 1, 23, 30, tzinfo=UTC), BERLIN, "2026-09-02"),
        ("0 days after event:x", datetime(2026, 9, 1, 23, 30), BERLIN, "2026-09-01"),
    ],
)
def test_hours_run_in_absolute_time(text: str, value: Moment, zone: ZoneInfo | None, moment: str) -> None:
    (due,) = plan(parse(text), {"event:x": value}, zone=zone)
    assert str(due) == moment
    assert due.day.isoformat() == moment[:10]


def test_hours_never_move_off_a_day_that_is_no_business_day() -> None:
    (due,) = plan(parse("24 hours after end"), {"end": date(2026, 9, 6)}, US)
    assert str(due) == "2026-09-07T00:00:00+00:00"


def test_hours_after_each_month_end_begin_with_its_last_day() -> None:
    dues = plan(parse("36 hours after each month end until end"), YEAR, US, zone=BERLIN, limit=2)
    assert list(map(str, dues)) == ["2026-10-01T12:00:00+02:00", "2026-11-01T12:00:00+01:00"]


# Grace.


@pytest.mark.parametrize(
    ("text", "span", "extended"),
    [
        # 3 months after start is 1 December, 2 weeks later Tuesday the 15th.
        ("3 months after start", "2 weeks", "2026-12-15"),
        ("3 months after start", "10 days", "2026-12-11"),
        ("3 months after start", "4 days", "2026-12-07"),
        # 2 3 4 | 7 8.
        ("3 months after start", "5 business days", "2026-12-08"),
        ("12 hours after start", "36 hours", "2026-09-03T00:00:00+00:00"),
    ],
)
def test_a_period_of_grace_is_counted_from_the_date(text: str, span: str, extended: str) -> None:
    (due,) = plan(parse(text), YEAR, US)
    assert str(extend(due, parse_span(span), US)) == extended


# What cannot be planned.


def test_a_missing_anchor_is_named() -> None:
    with pytest.raises(MissingAnchor) as caught:
        plan(parse("5 days after start"), {"end": date(2026, 9, 1)})
    assert (caught.value.name, caught.value.message) == ("start", "The rule needs the day of “start”, and it is not given.")
    with pytest.raises(MissingAnchor) as caught:
        plan(parse("5 days after each month end until end"), {"end": date(2026, 9, 1)})
    assert caught.value.name == "start"
    with pytest.raises(MissingAnchor) as caught:
        plan(parse("every week from start until event:leaving"), {})
    assert caught.value.name == "start"


def test_a_rule_says_which_events_it_waits_for() -> None:
    rule = parse("every week from event:joining until event:leaving")
    day = date(2026, 9, 1)
    assert waits_for(rule, {}) == ["event:joining", "event:leaving"]
    assert waits_for(rule, {"event:joining": day}) == ["event:leaving"]
    assert waits_for(rule, {"event:joining": day, "Event:Leaving": day}) == []
    assert waits_for(parse("5 days after start"), {}) == []


@pytest.mark.parametrize(
    ("text", "anchors", "sentence"),
    [
        (
            "every week from start until end",
            {"start": date(2026, 9, 2), "end": date(2026, 9, 1)},
            "“end” (2026-09-01) lies before “start” (2026-09-02).",
        ),
        (
            "1 day after each month end from effective until end",
            {"effective": date(2026, 9, 2), "end": date(2026, 9, 1)},
            "“end” (2026-09-01) lies before “effective” (2026-09-02).",
        ),
        (
            "every day from start until end",
            {"start": date(2026, 1, 1), "end": date(2040, 1, 1)},
            "The rule gives more than 4,000 dates. Bring its two ends closer together.",
        ),
        (
            "1 day after executed",
            {"executed": date(2026, 9, 1), "signature": date(2026, 9, 2)},
            "The anchor “executed” is given twice, with different days.",
        ),
    ],
)
def test_anchors_that_make_no_sense_are_refused(text: str, anchors: dict[str, Moment], sentence: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan(parse(text), anchors)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("100000 years after start", 102026),
        ("100000 months after start", 10360),
        # 1 September 2026 is day 739,860 of the calendar: 839,860 days are 2,299 years of 365.2425 days.
        ("100000 days after start", 2300),
        ("100000 weeks after start", 3943),
        ("100000 weeks before start", 110),
        ("100000 business days after start", 2201),
        ("200 years before start", 1826),
        ("100000 years before start", -97974),
        ("100000 weeks before event:first", -17),
    ],
)
def test_a_date_outside_the_known_years_is_refused(text: str, year: int) -> None:
    with pytest.raises(CalendarError) as caught:
        plan(parse(text), {"start": date(2026, 9, 1), "event:first": date(1900, 1, 1)})
    assert caught.value.message == f"A date falls in the year {year}; dates are counted from 1900 to 2200."


def test_hours_outside_the_known_years_are_refused() -> None:
    for text, day, year in (("100000 hours after end", date(2195, 1, 1), 2206), ("1 hour before end", date(1900, 1, 1), 1899)):
        with pytest.raises(CalendarError) as caught:
            plan(parse(text), {"end": day})
        assert caught.value.message == f"A date falls in the year {year}; dates are counted from 1900 to 2200."


def test_an_anchor_outside_the_known_years_is_refused() -> None:
    with pytest.raises(CalendarError) as caught:
        plan(parse("gate: executed"), {"start": date(26, 9, 1)})
    assert caught.value.message == "A date falls in the year 26; dates are counted from 1900 to 2200."


@pytest.mark.parametrize("step", ["100000 years", "100000 months", "100000 weeks", "100000 days"])
def test_a_series_with_long_steps_ends_with_its_term(step: str) -> None:
    assert plan(parse(f"every {step} from start until end"), {"start": date(2026, 1, 1), "end": date(2200, 12, 31)}) == []


def test_a_limit_gives_the_first_dates_of_a_plan_that_is_too_long() -> None:
    anchors = {"start": date(2026, 1, 1), "end": date(2190, 1, 1)}
    rule = parse("every day from start until end")
    assert [due.number for due in plan(rule, anchors, limit=3)] == [1, 2, 3]
    assert len(plan(rule, anchors, limit=4000)) == 4000
    for limit in (0, -1, 4001):
        with pytest.raises(PlanError) as caught:
            plan(rule, anchors, limit=limit)
        assert caught.value.message == "A limit lies between 1 and 4,000."


def test_four_thousand_dates_are_not_too_many() -> None:
    anchors = {"start": date(2026, 1, 1), "end": date(2026, 1, 1) + timedelta(days=4000)}
    assert len(plan(parse("every day from start until end"), anchors)) == 4000
    anchors["end"] += timedelta(days=1)
    with pytest.raises(PlanError):
        plan(parse("every day from start until end"), anchors)


# Properties.

days = st.dates(date(2002, 1, 1), date(2060, 12, 31))
terms = st.tuples(days, st.integers(0, 1500)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
steps = st.integers(1, 40)
calendars = st.sampled_from([US, PLAIN, Calendar("DE-BY"), Calendar("IL"), Calendar(weekdays=[2])])


def last_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def falls(day: date, begin: date, number: int, unit: str, weekday: int | None) -> bool:
    """Whether a series from `begin` has a date on `day`: the definition, asked of one day at a time."""
    since = (day - begin).days
    if unit == "day":
        return since % number == 0
    if unit == "week" and weekday is None:
        return since % (7 * number) == 0
    if unit == "week":
        # The last such weekday in the stretch that ends on the next plain date.
        left = -since % (7 * number)
        return day.weekday() == weekday and left < 7
    months = (day.year - begin.year) * 12 + day.month - begin.month
    whole = number * (12 if unit == "year" else 1)
    return months % whole == 0 and day.day == min(begin.day, monthrange(day.year, day.month)[1])


@settings(max_examples=300, deadline=None)
@given(terms, steps, st.sampled_from(["day", "week", "month", "year"]), st.none() | st.integers(0, 6))
def test_a_series_has_every_date_of_its_term_and_no_other(
    term: tuple[date, date], number: int, unit: str, weekday: int | None
) -> None:
    begin, end = term
    weekday = weekday if unit == "week" else None
    on = "" if weekday is None else f" on {WEEKDAYS[weekday]}"
    dues = plan(parse(f"every {number} {unit} from start until end{on}"), {"start": begin, "end": end})
    inside = [begin + timedelta(days=after) for after in range(1, (end - begin).days + 1)]
    assert [due.day for due in dues] == [day for day in inside if falls(day, begin, number, unit, weekday)]
    assert [due.number for due in dues] == list(range(1, len(dues) + 1))


@settings(max_examples=200, deadline=None)
@given(terms, st.sampled_from(["month", "quarter", "year"]))
def test_a_rule_of_periods_has_every_period_end_of_its_term_and_no_other(term: tuple[date, date], period: str) -> None:
    begin, end = term
    dues = plan(parse(f"0 days after each {period} end until end"), {"start": begin, "end": end})
    months = {"month": range(1, 13), "quarter": (3, 6, 9, 12), "year": (12,)}[period]
    inside = [begin + timedelta(days=after) for after in range((end - begin).days + 1)]
    assert [due.day for due in dues] == [day for day in inside if last_of_month(day) and day.month in months]


@settings(max_examples=200, deadline=None)
@given(terms, steps, calendars)
def test_a_series_of_business_days_has_every_nth_of_them(term: tuple[date, date], number: int, calendar: Calendar) -> None:
    begin, end = term
    dues = plan(parse(f"every {number} business days from start until end"), {"start": begin, "end": end}, calendar)
    inside = [begin + timedelta(days=after) for after in range(1, (end - begin).days + 1)]
    business = [day for day in inside if calendar.is_business_day(day)]
    assert [due.day for due in dues] == business[number - 1 :: number]


@settings(max_examples=300, deadline=None)
@given(terms, steps, st.sampled_from(["day", "week", "month", "year"]), calendars)
def test_a_rolled_series_stays_in_its_term_on_business_days_in_order(
    term: tuple[date, date], number: int, unit: str, calendar: Calendar
) -> None:
    begin, end = term
    assume(any(calendar.is_business_day(begin + timedelta(days=after)) for after in range((end - begin).days + 1)))
    rule, anchors = parse(f"every {number} {unit} from start until end"), {"start": begin, "end": end}
    dues = plan(rule, anchors, calendar)
    found = [due.day for due in dues]
    assert found == sorted(set(found))
    assert all(begin <= day <= end and calendar.is_business_day(day) for day in found)
    # Every plain date has its rolled one, and none is made up.
    moved = {min(calendar.next(due.day), calendar.previous(end)) for due in plan(rule, anchors)}
    assert set(found) == moved


@settings(max_examples=300, deadline=None)
@given(days, st.integers(0, 2000), st.sampled_from(Unit), st.sampled_from(["after", "before"]), calendars)
def test_a_counted_date_rolls_in_the_direction_of_its_rule(
    day: date, number: int, unit: Unit, direction: str, calendar: Calendar
) -> None:
    assume(unit not in (Unit.MONTH, Unit.YEAR, Unit.WEEK) or number <= 400)
    assume(unit is not Unit.YEAR or number <= 30)
    assume(unit is not Unit.BUSINESS_DAY or calendar.weekdays is None or number <= 500)
    rule = parse(f"{number} {unit} {direction} end")
    try:
        (due,) = plan(rule, {"end": day}, calendar)
    except CalendarError:
        assume(False)
        return
    (stays,) = plan(rule, {"end": day}, calendar, roll="none")
    if unit in (Unit.HOUR, Unit.BUSINESS_DAY):
        assert due == stays
    else:
        assert due.day == (calendar.next(stays.day) if direction == "after" else calendar.previous(stays.day))
        assert due.plain == stays.day


@settings(max_examples=200, deadline=None)
@given(
    terms,
    st.integers(-700, 700),
    st.sampled_from(["5 days after start", "every 9 days from start until end", "1 month after end"]),
)
def test_moving_an_anchor_and_back_gives_the_same_plan(term: tuple[date, date], days: int, text: str) -> None:
    rule, there = parse(text), timedelta(days=days)
    anchors = {"start": term[0], "end": term[1]}
    before = plan(rule, anchors, US)
    moved = {name: day + there for name, day in anchors.items()}
    if "month" not in text:
        plain = [due.day + there for due in plan(rule, anchors)]
        assert [due.day for due in plan(rule, moved)] == plain
    plan(rule, moved, US)
    assert plan(rule, {name: day - there for name, day in moved.items()}, US) == before
