"""`manage.py due RULE`: the dates that a due rule gives, one a line, so that anybody can check one by hand."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.calendar import (
    ANCHORS,
    EVENT,
    Calendar,
    CalendarError,
    DueError,
    Gate,
    MissingAnchor,
    PlanError,
    Roll,
    describe,
    explain,
    parse,
    plan,
    waits_for,
)
from core.calendar.days import check_year
from core.calendar.errors import near, quoted, shown
from core.calendar.grammar import SYNONYMS, canonical
from core.calendar.plan import MOST_DATES, Moment

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
TERMS = (("start", "end"), ("effective", "expiry"))


class Command(BaseCommand):
    help = "Print the dates that a due rule gives, one a line. The grammar is in docs/due-rules.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", metavar="RULE", help='such as "10 business days after effective"')
        parser.add_argument(
            "--anchor",
            metavar="NAME=VALUE",
            action="append",
            default=[],
            help="the day or the moment of an anchor: effective=2026-09-01, event:breach=2026-09-01T14:30; repeat it for each",
        )
        parser.add_argument("--calendar", metavar="CODE", help="whose holidays count: US, DE, DE-BY, GB-ENG")
        parser.add_argument("--holiday", metavar="DATE", action="append", default=[], help="a local day off; repeat it for each")
        parser.add_argument("--roll", metavar="HOW", help="business: dates move to business days; none: they stay")
        parser.add_argument("--zone", metavar="NAME", help="time zone of hours, such as Europe/Berlin; UTC without it")
        parser.add_argument("--limit", metavar="N", help="print the first N dates only")
        parser.add_argument("--explain", action="store_true", help="say on standard error how each date came about")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.answer(options)
        except MissingAnchor as error:
            hint = _("Give it with --anchor %(name)s=2026-09-01.") % {"name": error.name}
            raise CommandError(f"{error.message} {hint}") from error
        except DueError as error:
            raise CommandError(str(error)) from error

    def answer(self, options: dict[str, Any]) -> None:
        rule = parse(options["rule"])
        anchors = read_anchors(options["anchor"])
        roll = read_roll(options["roll"])
        calendar = read_calendar(
            options["calendar"], options["holiday"], asked=options["roll"] is not None and roll == "business"
        )
        zone = read_zone(options["zone"])
        dues = plan(rule, anchors, calendar, roll=roll, zone=zone, limit=read_limit(options["limit"]))
        if options["explain"]:
            self.say(describe(rule))
        for due in dues:
            self.stdout.write(str(due))
            if options["explain"]:
                self.say(explain(rule, due, calendar))
        if dues:
            return
        if isinstance(rule, Gate):
            self.say(_("A gate has no date: nothing may begin before “%(state)s”.") % {"state": rule.state})
        elif events := waits_for(rule, anchors):
            self.say(_("The rule waits for %(events)s and has no date until then.") % {"events": quoted(events)})
        else:
            self.say(_("No date of this rule falls within its term."))

    def say(self, sentence: str) -> None:
        self.stderr.write(sentence, style_func=str)


def read_anchors(given: list[str]) -> dict[str, Moment]:
    """The anchors of the command line by name. Raises PlanError with one sentence."""
    anchors: dict[str, Moment] = {}
    for text in given:
        written, equals, value = text.partition("=")
        name = canonical(written)
        if not equals or not name:
            raise PlanError(_("“%(text)s” is not an anchor. Write it as effective=2026-09-01.") % {"text": shown(text)})
        if not (name in ANCHORS or re.fullmatch(EVENT + "[a-z_][a-z0-9_]*", name)):
            likely = near(name, (*ANCHORS, *SYNONYMS))
            raise PlanError(
                _("There is no anchor “%(name)s”. Anchors are %(names)s and “event:” with a name.")
                % {"name": shown(name), "names": quoted(ANCHORS)}
                + (" " + _("Did you mean “%(word)s”?") % {"word": likely} if likely else "")
            )
        if name in anchors:
            raise PlanError(_("The anchor “%(name)s” is given twice.") % {"name": name})
        anchors[name] = read_moment(value)
    for first, last in TERMS:
        if first in anchors and last in anchors and _day(anchors[last]) < _day(anchors[first]):
            raise PlanError(
                _("“%(last)s” (%(end)s) lies before “%(first)s” (%(begin)s).")
                % {"last": last, "end": _day(anchors[last]), "first": first, "begin": _day(anchors[first])}
            )
    return anchors


def read_moment(text: str) -> Moment:
    """A date, or a datetime when the text has a time; aware when it has an offset. Raises PlanError."""
    found = MOMENT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        value = datetime.fromisoformat(found[0]) if found[2] else date.fromisoformat(found[0])
    except ValueError:
        raise PlanError(
            _("“%(text)s” is not a day or a moment. Write it as 2026-09-01, 2026-09-01T14:30 or 2026-09-01T14:30+02:00.")
            % {"text": shown(text)}
        )
    check_year(value.year)
    return value


def read_calendar(code: str | None, holidays: list[str], *, asked: bool) -> Calendar | None:
    """The calendar of the command line; None, so that nothing moves, when neither it nor moving was asked for."""
    if code is not None and not code.strip():
        raise CalendarError(_("The code of the calendar is empty. Codes are such as “US”, “DE-BY” or “GB-ENG”."))
    if code is None and not holidays and not asked:
        return None
    days = {_day(read_moment(text)): _("local holiday") for text in holidays}
    return Calendar((code or "").strip(), extra=days)


def read_roll(text: str | None) -> Roll:
    """Whether dates move: "business" when nothing is said. Raises PlanError."""
    match (text or "").strip().lower() if text is not None else "business":
        case "business":
            return "business"
        case "none":
            return "none"
        case _other:
            raise PlanError(_("--roll is “business” or “none”, not “%(text)s”.") % {"text": shown(text or "")})


def read_zone(name: str | None) -> tzinfo | None:
    """The time zone of that name. Raises PlanError with the nearest name."""
    from zoneinfo import ZoneInfo, available_timezones

    if name is None:
        return None
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError):
        zones = {zone.lower(): zone for zone in available_timezones()}
        likely = zones.get(near(name.strip().lower()[:40], zones), "")
        sentence = _("There is no time zone “%(name)s”.") % {"name": shown(name)}
        raise PlanError(sentence + (" " + _("Did you mean “%(word)s”?") % {"word": likely} if likely else ""))


def read_limit(text: str | int | None) -> int | None:
    """How many dates to print at most. Raises PlanError."""
    if text is None:
        return None
    digits = str(text).strip()
    if not (digits.isascii() and digits.isdecimal() and 1 <= int(digits[:9]) <= MOST_DATES and len(digits) < 9):
        raise PlanError(
            _("--limit is a whole number from 1 to %(most)s, not “%(text)s”.")
            % {"most": f"{MOST_DATES:,}", "text": shown(digits)}
        )
    return int(digits)


def _day(value: Moment) -> date:
    return value.date() if isinstance(value, datetime) else value
