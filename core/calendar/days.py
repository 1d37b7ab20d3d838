"""Which days are business days: the working week, the holidays of a country or of a part of it, and local days off."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.calendar.errors import CalendarError, quoted, shown

FIRST_YEAR, LAST_YEAR = 1900, 2200
MONDAY_TO_FRIDAY = frozenset(range(5))
MOST_NEAR = 6
MOST_PARTS = 60
ENGLISH = ("en_US", "en_GB")
AT_ONCE = 10
"""How many years of holidays are asked of the library at a time: building its object costs more than a year does."""


class _Year(NamedTuple):
    """One year of a calendar: the ordinals of its business days, in order, and the names of its holidays."""

    business: list[int]
    holidays: Mapping[date, str]


class _Library(NamedTuple):
    """What the library says of some years: the names of the holidays, and the days on which that country works."""

    holidays: Mapping[date, str]
    worked: frozenset[date]


class Calendar:
    """The business days of a place.

    `code` is a country ("US", "DEU") or a country and a part of it ("DE-BY", "GB-ENG"), as the `holidays` library names
    them; "" is the plain week from Monday to Friday without holidays. `extra` are local days off, by their names.
    `weekdays` are the days of the working week, counted from 0, Monday. Without them the working week is the one that
    the library gives for the country, with the days of a week-end on which that country works to make up for a holiday.

    Raises CalendarError for an unknown code, and for a day outside the years that the calendar knows: 1900 to 2200, and
    with a country those years for which the library has its holidays.
    """

    __slots__ = ("_years", "code", "extra", "weekdays")

    def __init__(self, code: str = "", *, extra: Mapping[date, str] | None = None, weekdays: Iterable[int] | None = None) -> None:
        self.code = known_code(code) if code else ""
        self.extra: Mapping[date, str] = MappingProxyType(dict(sorted((extra or {}).items())))
        self.weekdays = None if weekdays is None else frozenset(weekdays)
        if self.weekdays is not None and (not self.weekdays or not self.weekdays <= frozenset(range(7))):
            raise CalendarError(_("A working week has at least one day, each a number from 0, Monday, to 6, Sunday."))
        self._years: dict[int, _Year] = {}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Calendar):
            return NotImplemented
        return (self.code, self.extra, self.weekdays) == (other.code, other.extra, other.weekdays)

    def __hash__(self) -> int:
        return hash((self.code, tuple(self.extra.items()), self.weekdays))

    def __repr__(self) -> str:
        return f"Calendar({self.code!r}, extra={dict(self.extra)!r}, weekdays={self.weekdays!r})"

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is a day of work."""
        business = self._year(day.year).business
        place = bisect_left(business, day.toordinal())
        return place < len(business) and business[place] == day.toordinal()

    def next(self, day: date) -> date:
        """The first business day on or after `day`."""
        return day if self.is_business_day(day) else self._forward(day, 1)

    def previous(self, day: date) -> date:
        """The last business day on or before `day`."""
        return day if self.is_business_day(day) else self._backward(day, 1)

    def add(self, day: date, number: int) -> date:
        """The business day that is `number` business days after `day`, or before it when the number is negative.

        Counting starts on the next day, or on the day before; `day` itself need not be a business day. 0 gives the
        first business day on or after `day`. The work is one step a year of distance.
        """
        if number == 0:
            return self.next(day)
        return self._forward(day, number) if number > 0 else self._backward(day, -number)

    def count(self, after: date, until: date) -> int:
        """How many business days lie after the one day and not after the other; 0 when `until` is the earlier one."""
        total = 0
        for year in range(after.year, until.year + 1):
            business = self._year(year).business
            first = bisect_right(business, after.toordinal()) if year == after.year else 0
            last = bisect_right(business, until.toordinal()) if year == until.year else len(business)
            total += max(0, last - first)
        return total

    def holiday(self, day: date) -> str:
        """The name of the holiday on `day`, or "": in English where the library has it, else in the country's language."""
        return self._year(day.year).holidays.get(day, "")

    def _forward(self, day: date, number: int) -> date:
        year = day.year
        business = self._year(year).business
        place = bisect_right(business, day.toordinal())
        while place + number > len(business):
            number -= len(business) - place
            place, year = 0, year + 1
            business = self._year(year).business
        return date.fromordinal(business[place + number - 1])

    def _backward(self, day: date, number: int) -> date:
        year = day.year
        business = self._year(year).business
        place = bisect_left(business, day.toordinal())
        while number > place:
            number -= place
            year -= 1
            business = self._year(year).business
            place = len(business)
        return date.fromordinal(business[place - number])

    def _year(self, year: int) -> _Year:
        made = self._years.get(year)
        if made is None:
            check_year(year)
            made = self._years[year] = self._made(year)
        return made

    def _made(self, year: int) -> _Year:
        library = _library(self.code, year) if self.code else _Library({}, frozenset())
        week = self.weekdays or (None if self.code else MONDAY_TO_FRIDAY)

        def works(day: date) -> bool:
            if day in self.extra:
                return False
            return day in library.worked if week is None else day.weekday() in week and day not in library.holidays

        extra = {day: name for day, name in self.extra.items() if day.year == year}
        return _Year([day.toordinal() for day in _days_of(year) if works(day)], {**library.holidays, **extra})


def check_year(year: int) -> None:
    """Raise CalendarError for a year in which dates are not counted here."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarError(
            _("A date falls in the year %(year)s; dates are counted from %(first)s to %(last)s.")
            % {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR}
        )


def known_code(code: str) -> str:
    """The code as the library writes it, "us" as "US" and "DEU-by" as "DE-BY". Raises CalendarError."""
    from holidays.registry import COUNTRIES

    country, dash, part = code.strip().replace("_", "-").partition("-")
    alpha = {other: names[1] for names in COUNTRIES.values() for other in names[1:] if other.isupper()}
    found = alpha.get(country.upper()) if country.isascii() else None
    if found is None:
        names = {alpha2: key.replace("_", " ").title() for key, (_class, alpha2, *_rest) in COUNTRIES.items()}
        by_name = {name: alpha2 for alpha2, name in names.items()}
        near = [by_name[name] for name in _near(country.title(), by_name, 0.8)]
        if len(country) <= 3:
            near += sorted(option for option in _near(country.upper(), names, 0.5) if option[0] == country[:1].upper())
        options = list(dict.fromkeys(near))[:MOST_NEAR]
        hint = ", ".join(f"{option} ({names[option]})" for option in options)
        sentence = _("There is no calendar “%(code)s”; calendars have codes such as “US”, “DE-BY” or “GB-ENG”.")
        raise CalendarError(
            sentence % {"code": shown(code)} + (" " + _("Near it are: %(codes)s.") % {"codes": hint} if hint else "")
        )
    if not dash:
        return found
    from holidays import country_holidays

    library = country_holidays(found)
    parts = {option.casefold(): option for option in library.subdivisions}
    if part.casefold() not in parts:
        aliases = {alias.casefold(): option for alias, option in getattr(library, "subdivisions_aliases", {}).items()}
        near = [aliases.get(option, option) for option in _near(part.casefold(), [*aliases, *parts], 0.6)]
        options = list(dict.fromkeys(f"{found}-{parts.get(option, option)}" for option in near))[:MOST_NEAR]
        values = {"country": found, "part": shown(part), "parts": quoted(library.subdivisions[:MOST_PARTS])}
        sentence = _("The calendar “%(country)s” has no part “%(part)s”.") % values + " "
        sentence += _("Its parts are: %(parts)s.") % values if parts else _("It has no parts.")
        raise CalendarError(sentence + (" " + _("Near it are: %(codes)s.") % {"codes": ", ".join(options)} if options else ""))
    return f"{found}-{parts[part.casefold()]}"


@lru_cache(maxsize=512)
def place_of(code: str) -> str:
    """What a calendar is called, by a code that known_code() gave: "Germany, Berlin" for "DE-BE"."""
    from holidays import country_holidays
    from holidays.registry import COUNTRIES

    country, _dash, part = code.partition("-")
    key = next((key for key, (_class, alpha2, *_rest) in COUNTRIES.items() if alpha2 == country), country)
    name = " ".join(word if word in ("and", "of", "the") else word.capitalize() for word in key.split("_"))
    if not part:
        return name
    aliases: dict[str, str] = getattr(country_holidays(country), "subdivisions_aliases", {})
    return f"{name}, {next((alias for alias, option in aliases.items() if option == part), part)}"


def _near(word: str, options: Iterable[str], cutoff: float) -> list[str]:
    return get_close_matches(word[:40], list(options), n=50, cutoff=cutoff)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year, 12, 31) - first).days + 1)]


@lru_cache(maxsize=4096)
def _library(code: str, year: int) -> _Library:
    """One year of a country or its part. Raises CalendarError when the library does not reach that year."""
    first, last = _reach(code)
    if not first <= year <= last:
        raise CalendarError(
            _("The holidays of “%(code)s” are known from %(first)s to %(last)s; a date falls in the year %(year)s.")
            % {"code": code, "first": first, "last": last, "year": year}
        )
    names, worked = _some_years(code, year // AT_ONCE)
    return _Library(
        {day: name for day, name in names.items() if day.year == year}, frozenset(day for day in worked if day.year == year)
    )


@lru_cache(maxsize=128)
def _some_years(code: str, which: int) -> _Library:
    from holidays import country_holidays

    country, _dash, part = code.partition("-")
    years = range(which * AT_ONCE, which * AT_ONCE + AT_ONCE)
    # `expand=False`: an object that grows while it is read is not safe between threads.
    # Without a language the names would follow the LANG of the process.
    spoken = country_holidays(country, subdiv=part or None)
    language = next((tongue for tongue in ENGLISH if tongue in spoken.supported_languages), spoken.default_language)
    found = country_holidays(country, subdiv=part or None, years=years, expand=False, language=language)
    worked = frozenset(day for year in years for day in _days_of(year) if found.is_working_day(day))
    return _Library(dict(found.items()), worked)


@lru_cache(maxsize=512)
def _reach(code: str) -> tuple[int, int]:
    """The first and the last year for which the library has holidays."""
    from holidays import country_holidays

    country, _dash, part = code.partition("-")
    found = country_holidays(country, subdiv=part or None)
    return found.start_year, found.end_year
