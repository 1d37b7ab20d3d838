"""Working days and due rules: what an app may use of this package."""

from core.calendar.days import FIRST_YEAR, LAST_YEAR, Calendar, place_of
from core.calendar.errors import CalendarError, DueError, MissingAnchor, PlanError, RuleError
from core.calendar.explain import explain
from core.calendar.grammar import (
    ANCHORS,
    EVENT,
    STATES,
    WEEKDAYS,
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
    describe,
)
from core.calendar.parse import parse, parse_span
from core.calendar.plan import MOST_DATES, Due, Roll, extend, plan, waits_for

__all__ = [
    "ANCHORS",
    "EVENT",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MOST_DATES",
    "STATES",
    "WEEKDAYS",
    "Calendar",
    "CalendarError",
    "Direction",
    "Due",
    "DueError",
    "Gate",
    "MissingAnchor",
    "Offset",
    "Period",
    "Periodic",
    "PlanError",
    "Prohibition",
    "Roll",
    "Rule",
    "RuleError",
    "Series",
    "Span",
    "Unit",
    "describe",
    "explain",
    "extend",
    "parse",
    "parse_span",
    "place_of",
    "plan",
    "waits_for",
]
