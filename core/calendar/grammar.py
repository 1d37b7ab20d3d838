"""The due rules as data: the words of the grammar, one frozen dataclass for each form, and their canonical text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from django.utils.translation import gettext as _

from core.calendar.errors import DueError

MOST = 100_000
"""The largest number a rule may count with: more than the 73,000 days of two centuries."""

ANCHORS = ("executed", "effective", "start", "end", "expiry")
STATES = ("executed",)
SYNONYMS = {"signature": "executed"}
EVENT = "event:"
"""What the name of an anchor begins with when it may never happen."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of `date.weekday()`."""


class Unit(StrEnum):
    """What a rule counts in."""

    HOUR = "hour"
    DAY = "day"
    BUSINESS_DAY = "business day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Direction(StrEnum):
    """Which way from the anchor."""

    AFTER = "after"
    BEFORE = "before"


class Period(StrEnum):
    """A stretch of the civil year whose last day a rule can count from."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, such as "2 weeks"."""

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        _within(self.number, 0)


@dataclass(frozen=True, slots=True)
class Offset:
    """One date, counted from an anchor: "10 business days after effective"."""

    number: int
    unit: Unit
    direction: Direction
    anchor: str

    def __post_init__(self) -> None:
        _within(self.number, 0)

    def anchors(self) -> tuple[str, ...]:
        """The names written in the rule, in the order in which they stand."""
        return (self.anchor,)


@dataclass(frozen=True, slots=True)
class Series:
    """Dates at a steady distance: "every 2 weeks from start until end". `weekday` counts from 0, Monday."""

    number: int
    unit: Unit
    since: str
    until: str
    weekday: int | None = None

    def __post_init__(self) -> None:
        _within(self.number, 1)
        if self.unit is Unit.HOUR:
            raise DueError(_("A series counts days, business days, weeks, months or years, not hours."))
        if self.weekday is not None and self.unit is not Unit.WEEK:
            raise DueError(_("Only a series of weeks can name a day of the week."))
        if self.weekday is not None and not 0 <= self.weekday < len(WEEKDAYS):
            raise DueError(_("A day of the week is a number from 0, Monday, to 6, Sunday."))

    def anchors(self) -> tuple[str, ...]:
        """The names written in the rule, in the order in which they stand."""
        return (self.since, self.until)


@dataclass(frozen=True, slots=True)
class Periodic:
    """One date for each end of a period: "5 business days after each month end until end".

    `since` is None when the rule does not say from when: the planner then takes `start`, or else `effective`.
    """

    number: int
    unit: Unit
    direction: Direction
    period: Period
    until: str
    since: str | None = None

    def __post_init__(self) -> None:
        _within(self.number, 0)

    def anchors(self) -> tuple[str, ...]:
        """The names written in the rule, in the order in which they stand."""
        return (self.until,) if self.since is None else (self.since, self.until)


@dataclass(frozen=True, slots=True)
class Gate:
    """No date: something may not begin before `state` is reached."""

    state: str

    def anchors(self) -> tuple[str, ...]:
        """None: a gate waits for a state, not for a day."""
        return ()


@dataclass(frozen=True, slots=True)
class Prohibition:
    """Something is forbidden until a day; on that day a declaration is due that it was not done."""

    until: str

    def anchors(self) -> tuple[str, ...]:
        """The one name written in the rule."""
        return (self.until,)


Rule: TypeAlias = Offset | Series | Periodic | Gate | Prohibition


def describe(rule: Rule) -> str:
    """The canonical text of a rule. `parse(describe(rule)) == rule`."""
    match rule:
        case Offset():
            return f"{describe_span(rule.number, rule.unit)} {rule.direction} {rule.anchor}"
        case Series():
            each = rule.unit.value if rule.number == 1 else describe_span(rule.number, rule.unit)
            day = "" if rule.weekday is None else f" on {WEEKDAYS[rule.weekday]}"
            return f"every {each} from {rule.since} until {rule.until}{day}"
        case Periodic():
            since = "" if rule.since is None else f" from {rule.since}"
            span = describe_span(rule.number, rule.unit)
            return f"{span} {rule.direction} each {rule.period} end{since} until {rule.until}"
        case Gate():
            return f"gate: {rule.state}"
        case Prohibition():
            return f"prohibition until {rule.until}"
        case _:
            assert_never(rule)


def describe_span(number: int, unit: Unit) -> str:
    """The canonical text of a length of time: "1 month", "0 days"."""
    return f"{number} {unit.value}" if number == 1 else f"{number} {unit.value}s"


def canonical(name: str) -> str:
    """The name of an anchor as rules store it: small letters, no white space, synonyms replaced."""
    name = "".join(name.split()).lower()
    return SYNONYMS.get(name, name)


def _within(number: int, least: int) -> None:
    if not least <= number <= MOST:
        raise DueError(_("The number of a rule lies between %(least)s and %(most)s.") % {"least": least, "most": f"{MOST:,}"})
