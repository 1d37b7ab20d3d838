"""When two texts mean the same: tidying, loose comparison, and the nearest of several names."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Zero-width characters and the soft hyphen, which come along when text is copied from pages.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# They turn the direction of reading, so that a name reads as another one. Marks of direction inside a name stay.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# What is not seen at all, and makes of one name two that look the same. Joiners stay: letters of some scripts need them.
UNSEEN = re.compile(
    f"[{TURNING}\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
EDGE = "".join(chr(number) for number in range(0x3001) if chr(number).isspace()) + INVISIBLE
# Plus and number sign stay: "C", "C++" and "C#" are three things.
APART = re.compile(r"[^a-z0-9+#]+")
# Accents on Latin, Greek and Cyrillic letters; the vowel signs of other scripts are no accents.
ACCENTS = re.compile("[\u0300-\u036f]")
CAMEL = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])")


def strip(text: str) -> str:
    """Without blanks, no-break blanks and invisible characters at either end."""
    return text.strip(EDGE)


def tidy(text: str) -> str:
    """One line, single blanks, composed characters: how keys and names are compared exactly."""
    text = " ".join(strip(text).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Tidied and without case: how values of a mapping are looked up."""
    return tidy(text).casefold()


def loose(text: str) -> str:
    """How a name typed by hand is compared: without case, accents, punctuation and a leading "the"."""
    plain = text.casefold().replace("&", " and ")
    if plain.isascii():
        plain = APART.sub(" ", plain)
    else:
        plain = unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFKD", plain)))
        plain = "".join(each if each.isalnum() or each in "+#" or unicodedata.category(each)[0] == "M" else " " for each in plain)
    words = plain.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def heading(text: str) -> str:
    """How column names are compared: without case, and an underscore is a blank."""
    return fold(text.replace("_", " "))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a column or field name: "hostName", "host_name" and "Host name" give the same."""
    return tuple(loose(CAMEL.sub(" ", text)).split())


def nearest(word: str, options: Iterable[str]) -> str:
    """The option that was probably meant, or ""."""
    return nearest_of(word[:80], tuple(options))


@lru_cache(4096)
def nearest_of(word: str, options: tuple[str, ...]) -> str:
    by_fold = {fold(option): option for option in options}
    found = difflib.get_close_matches(fold(word), list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else ""
