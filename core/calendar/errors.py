"""What can be wrong with a due rule, its anchors or its calendar: one plain sentence each, and the place where it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

EXCERPT = 60
"""How many characters of the rule are shown on each side of the fault."""


class DueError(ValueError):
    """Anything that keeps a rule from giving dates. `message` is one or two sentences for the person who wrote it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RuleError(DueError):
    """The text is not a rule.

    `text` is the rule as it came, `column` counts characters from 1 and may be one past the end, `suggestion` is what
    was probably meant, or "". `str()` gives three lines: the sentence, the rule, a caret under the column.
    """

    def __init__(self, message: str, *, text: str, column: int, suggestion: str = "") -> None:
        if suggestion:
            message += " " + _("Did you mean “%(word)s”?") % {"word": suggestion}
        super().__init__(message)
        self.text = text
        self.column = column
        self.suggestion = suggestion

    @property
    def pointer(self) -> str:
        """Two lines: the rule (cut to what lies around the fault) and a caret below the column."""
        at = self.column - 1
        first = max(0, at - EXCERPT)
        shown = printable(self.text[first : at + EXCERPT])
        before = shown[: at - first]
        cut = "…" if first else ""
        more = "…" if at + EXCERPT < len(self.text) else ""
        return f"  {cut}{shown}{more}\n  {' ' * (len(cut) + width(before))}^"

    def __str__(self) -> str:
        return f"{self.message}\n{self.pointer}"


class PlanError(DueError):
    """The rule is sound, but with these anchors it gives no sensible dates."""


class MissingAnchor(PlanError):
    """The rule counts from an anchor that was not given; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(_("The rule needs the day of “%(name)s”, and it is not given.") % {"name": name})
        self.name = name


class CalendarError(DueError):
    """There is no such calendar, or it does not reach the day that was asked for."""


def near(word: str, options: Iterable[str]) -> str:
    """The one of `options` that `word` was probably meant to be, or ""."""
    found = get_close_matches(word, list(options), n=1, cutoff=0.6)
    return found[0] if found else ""


def quoted(words: Iterable[str]) -> str:
    """The words as a list for a sentence: “day”, “week”, “month”."""
    return ", ".join(f"“{word}”" for word in words)


def printable(text: str) -> str:
    """The text on one line, as many characters as before: white space as a space, what has no shape as �."""
    return "".join(" " if mark.isspace() else mark if mark.isprintable() else "\ufffd" for mark in text)


def shown(text: str, most: int = 40) -> str:
    """The text as it may stand inside a sentence: on one line and not longer than `most` characters."""
    return printable(text[:most]) + ("…" if len(text) > most else "")


def width(text: str) -> int:
    """How many columns of a terminal the text takes: wide characters take two, combining marks none."""
    return sum(0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)
