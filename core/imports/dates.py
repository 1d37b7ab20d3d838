"""Dates as people write them: ISO, with points, slashes or month names, a month, a quarter or a year alone, serial numbers."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from core.imports.words import tidy

Order = Literal["", "day-first", "month-first"]
Partial = Literal["start", "end", "refuse"]

EARLIEST, LATEST = 1800, 2200
LONGEST = 40
# January to December in each language; three letters are enough where they tell the month.
LANGUAGES = (
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janner feber maerz april mai juni juli august september oktober november dezember",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
)
FILLERS = {"st", "nd", "rd", "th", "of", "the", "de", "del", "di", "er", "le", "el", "den", "der"}
WEEKDAYS = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "mo", "di", "mi", "do", "fr", "sa", "so",
}  # fmt: skip

CLOCK = re.compile(
    r"(?:[T ,]| at ) ?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?Z| ?UTC| ?[+-]\d{2}:?\d{2})?$"
)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d{2})")
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SERIAL = re.compile(r"(\d{5})(?:[.,]\d{1,10})?")
QUARTER = re.compile(r"[QqTt]([1-4])[ /-]?(\d{4})|(\d{4})[ /-]?[QqTt]([1-4])")
TOKENS = re.compile(r"\d+|[^\W\d_]+")
# Excel counts days from here because it believes that 1900 had a 29 February.
EPOCH = date(1899, 12, 30)


class NoDate(ValueError):
    """The text is no date, or could be two; the message is a sentence for a person."""


def plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


MONTHS = {name: number for language in LANGUAGES for number, name in enumerate(language.split(), start=1)}


@lru_cache(4096)
def month(word: str) -> int:
    """The number of a month by its name or its first three or more letters in any language above; 0 if it is none."""
    word = plain(word)
    if word in MONTHS or len(word) < 3:
        return MONTHS.get(word, 0)
    found = {number for name, number in MONTHS.items() if name.startswith(word)}
    return found.pop() if len(found) == 1 else 0


def find_order(cells: Iterable[str]) -> Order:
    """Whether the dates of a table have the day or the month first, if any of them tells: 13/2 or 2/13."""
    first = second = False
    for cell in cells:
        found = YEAR_LAST.match(tidy(cell)) if len(cell) <= LONGEST else None
        if found and found[2] != ".":
            first = first or 12 < int(found[1]) <= 31
            second = second or 12 < int(found[3]) <= 31
    if first == second:
        return ""
    return "day-first" if first else "month-first"


def parse_date(text: str, *, order: Order = "", formats: tuple[str, ...] = (), partial: Partial = "start") -> date:
    """The date that a cell means. Raises NoDate.

    With `formats` (strptime) only these are read. `order` decides 3/4/2023; with points the day is always first. A
    month, quarter or year alone is its first day, or its last if `partial` is "end".
    """
    text = tidy(text)
    if len(text) > LONGEST:
        raise NoDate(_("This is no date."))
    try:
        found = by_format(text, formats) if formats else by_form(CLOCK.sub("", text), order, partial)
    except ValueError as error:
        raise error if isinstance(error, NoDate) else NoDate(_("There is no such day."))
    if not EARLIEST <= found.year <= LATEST:
        raise NoDate(_("The year %(year)d cannot be meant.") % {"year": found.year})
    return found


def by_format(text: str, formats: tuple[str, ...]) -> date:
    for form in formats:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise NoDate(_("This date has none of the forms that the mapping names."))


def by_form(text: str, order: Order, partial: Partial) -> date:
    if found := YEAR_FIRST.fullmatch(text):
        return whole(found[1], found[3], found[4]) if found[4] else span(found[1], found[3], partial)
    if found := YEAR_LAST.fullmatch(text):
        return ordered(found, order)
    if found := MONTH_YEAR.fullmatch(text):
        return span(found[2], found[1], partial)
    if found := COMPACT.fullmatch(text):
        return whole(*found.groups())
    if found := SERIAL.fullmatch(text):
        return EPOCH + timedelta(days=int(found[1]))
    if found := QUARTER.fullmatch(text):
        year, quarter = (found[2], found[1]) if found[2] else (found[3], found[4])
        last = 3 * int(quarter)
        return span(year, str(last if partial == "end" else last - 2), partial)
    if len(text) == 4 and text.isdecimal():
        return span(text, "12" if partial == "end" else "1", partial)
    return by_words(text, partial)


def by_words(text: str, partial: Partial) -> date:
    months, numbers = [], []
    for token in TOKENS.findall(text):
        if token.isdecimal():
            numbers.append(token)
        elif number := month(token):
            months.append(number)
        elif plain(token) not in FILLERS | WEEKDAYS:
            raise NoDate(_("This is no date."))
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(months) != 1 or len(years) + len(days) != len(numbers) or len(days) > 2:
        raise NoDate(_("This is no date."))
    if not years and len(days) == 2:
        # 3 June 14: the last of two short numbers is the year.
        years = [century(days.pop())]
    if len(years) != 1 or len(days) > 1:
        raise NoDate(_("This is no date."))
    return whole(years[0], str(months[0]), days[0]) if days else span(years[0], str(months[0]), partial)


def ordered(found: re.Match[str], order: Order) -> date:
    first, second, year = found[1], found[3], century(found[4])
    if found[2] == "." or int(first) > 12 or first == second:
        return whole(year, second, first)
    if int(second) > 12:
        return whole(year, first, second)
    if not order:
        raise NoDate(_("The day and the month cannot be told apart; say in the mapping which comes first."))
    return whole(year, second, first) if order == "day-first" else whole(year, first, second)


def century(year: str) -> str:
    """Two digits as POSIX reads them: 69 is 1969, 68 is 2068."""
    if len(year) == 4:
        return year
    return f"{19 if int(year) >= 69 else 20}{int(year):02d}"


def whole(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


def span(year: str, month: str, partial: Partial) -> date:
    if partial == "refuse":
        raise NoDate(_("This date has no day."))
    first = whole(year, month, "1")
    return first.replace(day=monthrange(first.year, first.month)[1]) if partial == "end" else first


def as_strptime(form: str) -> str:
    """A form as people write it ("DD.MM.YYYY", "D MMMM YY") in the letters of strptime; with % in it, it is taken as it is."""
    if "%" in form:
        return form
    letters = {"YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m", "DD": "%d", "D": "%d"}
    return re.sub(r"YYYY|YY|MMMM|MMM|MM|M|DD|D", lambda found: letters[found[0]], form)
