"""How a date came about, in one line for a person: what it was counted from, what was passed over, why it moved."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _

from core.calendar.days import Calendar
from core.calendar.grammar import Offset, Periodic, Prohibition, Rule, Series, Unit, describe_span
from core.calendar.plan import Due

MOST_NAMED = 12
"""How many holidays one line names."""


def explain(rule: Rule, due: Due, calendar: Calendar | None = None) -> str:
    """One line about `due`, which `rule` gave with the same `calendar`."""
    said = [f"{due}: {_counted(rule, due)}"]
    if calendar is not None and _unit(rule) is Unit.BUSINESS_DAY:
        holidays = _holidays(calendar, *sorted((due.base, due.day)))
        if holidays:
            said.append(_("holidays on the way: %(days)s") % {"days": ", ".join(holidays)})
    if calendar is not None and due.day != due.plain:
        why = calendar.holiday(due.plain) or _("no business day")
        said.append(_("moved from %(day)s (%(why)s)") % {"day": _day(due.plain), "why": why})
    return "; ".join(said) + "."


def _unit(rule: Rule) -> Unit | None:
    """What the rule counts in; None for a gate and a prohibition."""
    return rule.unit if isinstance(rule, Offset | Periodic | Series) else None


def _counted(rule: Rule, due: Due) -> str:
    if isinstance(rule, Series):
        return _("number %(number)s of the series from %(day)s") % {"number": due.number, "day": _day(due.base)}
    if isinstance(rule, Offset | Periodic):
        span = describe_span(rule.number, rule.unit)
        return _("%(span)s %(direction)s %(day)s") % {
            "span": span,
            "direction": rule.direction.value,
            "day": _day(due.base),
        }
    assert isinstance(rule, Prohibition)
    return _("the day on which the prohibition ends")


def _day(day: date) -> str:
    return f"{WEEKDAY_NAMES[day.weekday()]} {day.isoformat()}"


def _holidays(calendar: Calendar, first: date, last: date) -> list[str]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    found = [f"{day.isoformat()} {calendar.holiday(day)}" for day in days if calendar.holiday(day)]
    more = len(found) - MOST_NAMED
    return found if more <= 0 else [*found[:MOST_NAMED], _("and %(count)s more") % {"count": more}]
