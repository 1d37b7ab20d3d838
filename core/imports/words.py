"""When two texts mean the same: tidying, loose comparison, and the nearest of several names."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
EDGE = " \t\r\n\x0b\x0c\u00a0\u2007\u202f" + INVISIBLE
# Plus and number sign stay: "C", "C++" and "C#" are three things.
APART = re.compile(r"[^\w+#]|_")
SPACES = re.compile(r"\s+")
CAMEL = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])")


def strip(text: str) -> str:
    """Without blanks, no-break blanks and invisible characters at either end."""
    return text.strip(EDGE).strip()


def tidy(text: str) -> str:
    """One line, single blanks, composed characters: how keys and names are compared exactly."""
    return SPACES.sub(" ", unicodedata.normalize("NFC", strip(text)))


def fold(text: str) -> str:
    """Tidied and without case: how values of a mapping are looked up."""
    return tidy(text).casefold()


def loose(text: str) -> str:
    """How a name typed by hand is compared: without case, punctuation and a leading "the"."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    words = APART.sub(" ", plain).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def heading(text: str) -> str:
    """How column names are compared: without case, and an underscore is a blank."""
    return fold(text.replace("_", " "))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a column or field name: "hostName", "host_name" and "Host name" give the same."""
    return tuple(loose(CAMEL.sub(" ", text)).split())


def nearest(word: str, options: Iterable[str]) -> str:
    """The option that was probably meant, or ""."""
    by_fold = {fold(option): option for option in options}
    found = difflib.get_close_matches(fold(word)[:80], list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else ""
