"""Reads the text of a due rule. Every refusal names the column, what was expected there and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendar.errors import RuleError, near, quoted, shown
from core.calendar.grammar import (
    ANCHORS,
    EVENT,
    MOST,
    STATES,
    SYNONYMS,
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
    canonical,
)

LONGEST = 500
"""How many characters a rule may have. The longest sensible one has about 100."""

NUMBERS = {
    name: value
    for value, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"a": 1, "an": 1}

LARGER = {
    name: str(value)
    for names, values in (
        (("zero",), (0,)),
        (("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"), range(13, 20)),
        (("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"), range(20, 101, 10)),
    )
    for name, value in zip(names, values, strict=True)
}
"""Numbers that are written with digits; known here only to say so."""

UNITS = {word: unit for unit in Unit if unit is not Unit.BUSINESS_DAY for word in (unit.value, unit.value + "s")}
BUSINESS = ("business", "working")

OTHER_UNITS = {"fortnight": "2 weeks", "quarter": "3 months", "weekday": "business day", "workday": "business day"}
"""Words for lengths of time that the grammar does without, and how to write them."""

TOKEN = re.compile(r"[0-9]+|[^\W0-9]\w*|\S")
NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)


class Token(NamedTuple):
    """A piece of the rule: as it stands, in small letters, and where it begins (from 0)."""

    text: str
    word: str
    begin: int

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def parse(text: str, *, anchors: Iterable[str] = (), states: Iterable[str] = STATES) -> Rule:
    """The rule that `text` writes.

    `anchors` are names that are allowed beside executed, effective, start, end and expiry; `states` are the states
    that a gate may wait for, in small letters. Raises RuleError.
    """
    return _Parser(text, tuple(map(canonical, anchors)), tuple(states)).rule()


def parse_span(text: str) -> Span:
    """A length of time alone, such as "2 weeks": the notation of a period of grace. Raises RuleError."""
    return _Parser(text, (), ()).lone_span()


class _Parser:
    """Recursive descent over the tokens of one rule; one method a production of the grammar in docs/due-rules.md."""

    def __init__(self, text: str, anchors: tuple[str, ...], states: tuple[str, ...]) -> None:
        self.text = text
        if len(text) > LONGEST:
            self.fail(
                LONGEST,
                _("A rule has at most %(most)s characters; this one has %(count)s.")
                % {"most": LONGEST, "count": f"{len(text):,}"},
            )
        self.tokens = [
            Token(found[0], found[0].lower() if found[0].isascii() else found[0], found.start()) for found in TOKEN.finditer(text)
        ]
        self.place = 0
        self.anchors = tuple(dict.fromkeys((*ANCHORS, *anchors)))
        self.states = states
        for token in self.tokens:
            if not token.text.isprintable():
                codes = ", ".join(f"U+{ord(mark):04X}" for mark in token.text)
                self.fail(token.begin, _("There is a character here that cannot be seen (%(code)s).") % {"code": codes})

    # -- productions

    def rule(self) -> Rule:
        made: Rule
        if not self.tokens:
            self.fail(0, _("The rule is empty. Write for example “10 days after start”."))
        if self.took("every"):
            made = self.series()
        elif self.took("gate"):
            self.need(":")
            made = Gate(self.state())
        elif self.took("prohibition"):
            self.need("until")
            made = Prohibition(self.anchor())
        elif self.took("on"):
            made = Offset(0, Unit.DAY, Direction.AFTER, self.anchor())
        else:
            made = self.counted()
        self.finish()
        return made

    def lone_span(self) -> Span:
        if not self.tokens:
            self.fail(0, _("The length of time is empty. Write for example “2 weeks”."))
        span = Span(self.number(), self.unit())
        self.finish()
        return span

    def series(self) -> Series:
        one = not {self.word(), self.word().removesuffix("s")}.isdisjoint({*UNITS, *BUSINESS, *OTHER_UNITS})
        number = 1 if one else self.number(least=1, others=("day", "business day", "week", "month", "year"))
        begin = self.here()
        unit = self.unit()
        if unit is Unit.HOUR:
            self.fail(begin, _("A series counts days, business days, weeks, months or years, not hours."))
        self.need("from")
        since = self.anchor()
        self.need("until")
        until = self.anchor()
        begin = self.here()
        weekday = None
        if self.took("on"):
            if unit is not Unit.WEEK:
                self.fail(begin, _("Only a series of weeks can name a day of the week."))
            weekday = WEEKDAYS.index(self.one_of(gettext_lazy("a day of the week"), WEEKDAYS))
        return Series(number, unit, since, until, weekday)

    def counted(self) -> Offset | Periodic:
        number = self.number(others=("every", "on", "gate:", "prohibition until"))
        unit = self.unit()
        direction = Direction(self.one_of("", tuple(Direction)))
        if not self.took("each"):
            return Offset(number, unit, direction, self.anchor())
        period = Period(self.one_of(gettext_lazy("a period"), tuple(Period)))
        self.need("end")
        since = self.anchor() if self.took("from") else None
        if since is None and self.word() != "until":
            self.one_of("", ("from", "until"))
        self.need("until")
        return Periodic(number, unit, direction, period, self.anchor(), since)

    def number(self, *, least: int = 0, others: tuple[str, ...] = ()) -> int:
        token = self.peek()
        if token is not None and token.word in NUMBERS:
            self.place += 1
            return NUMBERS[token.word]
        if token is not None and token.text.isascii() and token.text.isdecimal():
            self.place += 1
            number = int(token.text)
            if number > MOST:
                self.fail(token.begin, _("A number may be at most %(most)s.") % {"most": f"{MOST:,}"})
            if number < least:
                self.fail(token.begin, _("The number must be at least 1 here."))
            follower = self.peek()
            if follower is not None and follower.text in ".,":
                self.fail(follower.begin, _("A number is whole and is written without points and commas."))
            return number
        if token is not None and token.text in "-−–—":
            self.fail(token.begin, _("A number may not be negative. To count backwards write “before”."))
        wanted = _("a number (digits 0 to 9, or a word from “one” to “twelve”)")
        if others:
            wanted = _("%(number)s or one of %(words)s") % {"number": wanted, "words": quoted(others)}
        words = (*NUMBERS, *(other.split()[0].rstrip(":") for other in others))
        self.expected(wanted, words, suggestion=LARGER.get(self.word(), ""))

    def unit(self) -> Unit:
        token = self.peek()
        if token is not None and token.word in UNITS:
            self.place += 1
            return UNITS[token.word]
        if token is not None and token.word in BUSINESS:
            self.place += 1
            self.one_of("", ("day", "days"))
            return Unit.BUSINESS_DAY
        wanted = _("a unit, one of %(words)s") % {"words": quoted(unit.value for unit in Unit)}
        other = OTHER_UNITS.get(token.word.removesuffix("s"), "") if token is not None else ""
        self.expected(wanted, (*UNITS, *BUSINESS), suggestion=other)

    def anchor(self) -> str:
        token = self.peek()
        if token is not None:
            if token.word == EVENT.rstrip(":"):
                self.place += 1
                self.need(":")
                return EVENT + self.event()
            if token.word in SYNONYMS:
                self.place += 1
                return SYNONYMS[token.word]
            if token.word in self.anchors:
                self.place += 1
                return token.word
        wanted = _("an anchor, one of %(words)s or “event:” and a name") % {"words": quoted(self.anchors)}
        suggestion = ""
        if token is not None and NAME.fullmatch(token.word) and token.word != "the":
            suggestion = near(token.word, (*self.anchors, *SYNONYMS, "event")) or (EVENT + token.word)[:40]
            if token.word in tuple(Period):
                suggestion = f"each {token.word} end"
        self.expected(wanted, (), suggestion=suggestion)

    def event(self) -> str:
        token = self.peek()
        if token is None or not NAME.fullmatch(token.word):
            self.expected(_("the name of an event (letters a to z, digits and “_”)"), ())
        self.place += 1
        return token.word

    def state(self) -> str:
        token = self.peek()
        if token is not None and token.word in SYNONYMS and SYNONYMS[token.word] in self.states:
            self.place += 1
            return SYNONYMS[token.word]
        return self.one_of(gettext_lazy("a state"), self.states)

    # -- tools

    def peek(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def word(self) -> str:
        token = self.peek()
        return "" if token is None else token.word

    def here(self) -> int:
        """Where the next token begins; at the end of the rule, the place just behind its last token."""
        token = self.peek()
        if token is not None:
            return token.begin
        return self.tokens[-1].end if self.tokens else 0

    def took(self, word: str) -> bool:
        if self.word() != word:
            return False
        self.place += 1
        return True

    def need(self, word: str) -> None:
        self.one_of("", (word,))

    def one_of(self, what: object, words: tuple[str, ...]) -> str:
        """The next word, which is one of `words`; `what` they are is a lazy text, for rules are also read while Django
        is still loading."""
        found = self.word()
        if found not in words:
            choice = quoted(words)
            self.expected(_("%(what)s, one of %(words)s") % {"what": what, "words": choice} if what else choice, words)
        self.place += 1
        return found

    def finish(self) -> None:
        token = self.peek()
        if token is not None:
            self.fail(token.begin, _("The rule is complete before “%(word)s”; nothing may follow.") % {"word": shown(token.text)})

    def expected(self, what: str, words: tuple[str, ...], *, suggestion: str = "") -> NoReturn:
        token = self.peek()
        if token is None:
            self.fail(self.here(), _("The rule ends too early. Expected %(what)s.") % {"what": what})
        suggestion = suggestion or near(token.word, words)
        message = _("“%(word)s” does not fit here. Expected %(what)s.") % {"word": shown(token.text), "what": what}
        self.fail(token.begin, message, suggestion)

    def fail(self, begin: int, message: str, suggestion: str = "") -> NoReturn:
        raise RuleError(message, text=self.text, column=begin + 1, suggestion=suggestion)
