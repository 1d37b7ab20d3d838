"""From a rule, its anchors and a calendar to dates. Pure: it reads no clock and no database.

Sources: the drafting convention that a day which is no business day moves to the next one, or to the one before in a
rule that counts backwards; months are counted from the anchor and cut at the end of a shorter month.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import count
from typing import Literal, TypeAlias, assert_never

from django.utils.translation import gettext as _

from core.calendar.days import Calendar, check_year
from core.calendar.errors import CalendarError, MissingAnchor, PlanError
from core.calendar.grammar import (
    EVENT,
    Direction,
    Gate,
    Offset,
    Period,
    Periodic,
    Prohibition,
    Rule,
    Series,
    Span,
    Unit,
    canonical,
)

MOST_DATES = 4000
"""A plan with more dates than this is a mistake in the rule or in an anchor."""

Roll: TypeAlias = Literal["business", "none"]
Moment: TypeAlias = date | datetime
PERIOD_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Due:
    """One date that a rule gives.

    `day` is the date; `at` the moment (aware), for rules in hours only; `number` the place in a series, from 1;
    `plain` the date before it was moved off a day that is no business day; `base` the day it was counted from.
    """

    day: date
    at: datetime | None
    number: int | None
    plain: date
    base: date

    def __str__(self) -> str:
        return self.day.isoformat() if self.at is None else self.at.isoformat()


@dataclass(frozen=True, slots=True)
class _Terms:
    """What stays the same while one rule is planned."""

    calendar: Calendar | None
    roll: Roll
    zone: tzinfo | None

    def day(self, value: Moment) -> date:
        if not isinstance(value, datetime):
            return value
        return value.astimezone(self.zone).date() if self.zone and value.tzinfo else value.date()

    def moment(self, value: Moment) -> datetime:
        if not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day, tzinfo=self.zone or UTC)
        if value.tzinfo is None:
            return value.replace(tzinfo=self.zone or UTC)
        return value.astimezone(self.zone) if self.zone else value

    def rolled(self, day: date, direction: Direction) -> date:
        if self.calendar is None or self.roll == "none":
            return day
        return self.calendar.next(day) if direction is Direction.AFTER else self.calendar.previous(day)


def plan(
    rule: Rule,
    anchors: Mapping[str, Moment],
    calendar: Calendar | None = None,
    *,
    roll: Roll = "business",
    zone: tzinfo | None = None,
    limit: int | None = None,
) -> list[Due]:
    """The dates of `rule`, in order; at most the first `limit` of them.

    `anchors` are days or moments by name; "signature" is read as "executed". Without a `calendar` nothing is moved, and
    business days are Monday to Friday. `zone` is where naive moments and bare days are read (UTC without one); aware
    moments keep their own zone unless one is given. A rule that counts from or to an event which is not among the
    anchors waits: no dates. Raises MissingAnchor for any other anchor that is not there, PlanError when a term ends
    before it begins or the dates are more than 4,000, CalendarError outside the years that the calendar knows.
    """
    if limit is not None and not 1 <= limit <= MOST_DATES:
        raise PlanError(_("A limit lies between 1 and %(most)s.") % {"most": f"{MOST_DATES:,}"})
    dues: list[Due] = []
    for due in _dues(rule, given(anchors), _Terms(calendar, roll, zone)):
        if len(dues) == MOST_DATES:
            raise PlanError(
                _("The rule gives more than %(most)s dates. Bring its two ends closer together.") % {"most": f"{MOST_DATES:,}"}
            )
        dues.append(due)
        if len(dues) == limit:
            break
    return dues


def waits_for(rule: Rule, anchors: Mapping[str, Moment]) -> list[str]:
    """The events that the rule names and that have not happened; empty when it waits for none."""
    values = given(anchors)
    return [name for name in dict.fromkeys(rule.anchors()) if name.startswith(EVENT) and name not in values]


def extend(due: Due, span: Span, calendar: Calendar | None = None, *, roll: Roll = "business", zone: tzinfo | None = None) -> Due:
    """The end of a period of grace: `span` after `due`, moved and counted as a rule with "after" would be."""
    offset = Offset(span.number, span.unit, Direction.AFTER, "due")
    return _counted(offset, due.at or due.day, _Terms(calendar, roll, zone), due.number)


def given(anchors: Mapping[str, Moment]) -> dict[str, Moment]:
    """The anchors under their canonical names. Raises PlanError when two names of one anchor disagree."""
    values: dict[str, Moment] = {}
    for name, value in anchors.items():
        check_year(value.year)
        key = canonical(name)
        if values.setdefault(key, value) != value:
            raise PlanError(_("The anchor “%(name)s” is given twice, with different days.") % {"name": key})
    return values


def _dues(rule: Rule, values: Mapping[str, Moment], terms: _Terms) -> Iterator[Due]:
    named = {name: _value(name, values) for name in rule.anchors()}
    match rule:
        case Gate():
            return
        case Prohibition():
            value = named[rule.until]
            if value is not None:
                day = terms.day(value)
                yield Due(day, None, None, day, day)
        case Offset():
            value = named[rule.anchor]
            if value is not None:
                yield _counted(rule, value, terms, None)
        case Series():
            first, last = named[rule.since], named[rule.until]
            if first is not None and last is not None:
                yield from _series(rule, *_term(rule.since, first, rule.until, last, terms), terms)
        case Periodic():
            since = rule.since or ("start" if "start" in values or "effective" not in values else "effective")
            first, last = _value(since, values), named[rule.until]
            if first is not None and last is not None:
                yield from _periodic(rule, *_term(since, first, rule.until, last, terms), terms)
        case _:
            assert_never(rule)


def _value(name: str, values: Mapping[str, Moment]) -> Moment | None:
    """The anchor, or None for an event that has not happened."""
    if name not in values and not name.startswith(EVENT):
        raise MissingAnchor(name)
    return values.get(name)


def _term(since: str, first: Moment, until: str, last: Moment, terms: _Terms) -> tuple[date, date]:
    begin, end = terms.day(first), terms.day(last)
    if end < begin:
        raise PlanError(
            _("“%(until)s” (%(end)s) lies before “%(since)s” (%(begin)s).")
            % {"until": until, "end": end.isoformat(), "since": since, "begin": begin.isoformat()}
        )
    return begin, end


def _counted(rule: Offset | Periodic, value: Moment, terms: _Terms, number: int | None) -> Due:
    """The date that lies `rule.number` units from `value`."""
    forward = rule.direction is Direction.AFTER
    steps = rule.number if forward else -rule.number
    base = terms.day(value)
    if rule.unit is Unit.HOUR:
        at = _hours(terms.moment(value), steps)
        return Due(at.date(), at, number, at.date(), base)
    if rule.unit is Unit.BUSINESS_DAY:
        calendar = terms.calendar or Calendar()
        day = calendar.previous(base) if steps == 0 and not forward else calendar.add(base, steps)
        return Due(day, None, number, day, base)
    plain = _step(base, rule.unit, steps)
    return Due(terms.rolled(plain, rule.direction), None, number, plain, base)


def _series(rule: Series, begin: date, end: date, terms: _Terms) -> Iterator[Due]:
    latest: date | None = None
    for number, plain in enumerate(_occurrences(rule, begin, end, terms), start=1):
        day = plain if rule.unit is Unit.BUSINESS_DAY else terms.rolled(plain, Direction.AFTER)
        if day > end and terms.calendar is not None:
            # The move may not carry the last date out of the term; where the term has no business day at all, it stays.
            last = terms.calendar.previous(end)
            day = last if last >= begin else plain
        if day != latest:
            yield Due(day, None, number, plain, begin)
        latest = day


def _occurrences(rule: Series, begin: date, end: date, terms: _Terms) -> Iterator[date]:
    """The dates of a series before any is moved: all after `begin`, none after `end`."""
    if rule.unit is Unit.BUSINESS_DAY:
        calendar = terms.calendar or Calendar()
        for number in range(rule.number, calendar.count(begin, end) + 1, rule.number):
            yield calendar.add(begin, number)
        return
    # A named weekday is the last such day of each stretch of n weeks, so the first one is never the anchor itself.
    early = 0 if rule.weekday is None else (begin.weekday() - rule.weekday) % 7
    for number in count(1):
        try:
            day = _step(begin, rule.unit, rule.number * number, early)
        except CalendarError:
            return
        if day > end:
            return
        yield day


def _periodic(rule: Periodic, begin: date, end: date, terms: _Terms) -> Iterator[Due]:
    months = PERIOD_MONTHS[rule.period]
    first = (begin.year * 12 + begin.month - 1) // months
    for number, index in enumerate(count(first), start=1):
        year, month = divmod(index * months + months - 1, 12)
        last = date(year, month + 1, monthrange(year, month + 1)[1])
        if last > end:
            return
        yield _counted(rule, last, terms, number)


def _step(day: date, unit: Unit, number: int, early: int = 0) -> date:
    """`number` days, weeks, months or years from `day`, less `early` days. Raises CalendarError outside the known years."""
    if unit in (Unit.MONTH, Unit.YEAR):
        year, month = divmod(day.year * 12 + day.month - 1 + number * (12 if unit is Unit.YEAR else 1), 12)
        check_year(year)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    ordinal = day.toordinal() + number * (7 if unit is Unit.WEEK else 1) - early
    if not 1 <= ordinal <= date.max.toordinal():
        check_year(ordinal * 400 // 146_097 + 1)  # 400 civil years have 146,097 days
    found = date.fromordinal(ordinal)
    check_year(found.year)
    return found


def _hours(moment: datetime, number: int) -> datetime:
    """`number` hours of absolute time from an aware moment, in the same zone. Raises CalendarError outside the known years."""
    found = (moment.astimezone(UTC) + timedelta(hours=number)).astimezone(moment.tzinfo)
    check_year(found.year)
    return found
