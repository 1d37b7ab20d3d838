"""Several values in one cell: JSON lists, lists that merely look like JSON, and separators."""

from __future__ import annotations

import json
from collections.abc import Iterable

from core.imports.words import strip

# In the order in which they are tried: a comma stands in names and places, a line break hardly ever.
SEPARATORS = ("\n", "|", ";", ",")
PAIRS = {"[": "]", "{": "}"}
QUOTES = {'"': '"', "'": "'", "“": "”"}


def bracketed(text: str) -> bool:
    return len(text) > 1 and PAIRS.get(text[0]) == text[-1]


def find_separators(cells: Iterable[str]) -> tuple[str, ...]:
    """By which separator the cells of a column are lists: the first of line break, | ; and comma that any of them has.
    One for the whole column, so that "A; B, C" beside "D, E" stays "B, C" and "D, E"."""
    found: set[str] = set()
    for cell in cells:
        text = strip(cell)
        if not bracketed(text):
            found |= {separator for separator in SEPARATORS if separator in text}
    return next(((separator,) for separator in SEPARATORS if separator in found), ())


def split_cell(text: str, separators: tuple[str, ...], *, brackets: bool, item: str = "") -> list[str]:
    """The items of a cell, stripped, without blanks and repetitions, in order.

    With `brackets` a cell in brackets is read as a list first; of a list of objects, `item` names the property.
    """
    text = strip(text)
    if brackets and bracketed(text):
        items = read_list(text, item)
    else:
        items = [text]
        for separator in separators:
            items = [part for piece in items for part in piece.split(separator)]
    return list(dict.fromkeys(stripped for each in items if (stripped := strip(each))))


def read_list(text: str, item: str) -> list[str]:
    """The items of a cell in brackets: JSON, or the list of a programming language or database, quoted or not."""
    try:
        # Numbers stay as they are written: "007", 1.10.
        found = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return scan(text[1:-1])
    if isinstance(found, dict):
        found = [found] if item else list(found)
    return [written(each, item) for each in found]


def written(value: object, item: str) -> str:
    if isinstance(value, dict) and item:
        value = value.get(item)
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def scan(text: str) -> list[str]:
    """Items between commas; a quotation mark at the beginning of an item protects the commas up to the closing one."""
    last = {mark: text.rfind(closing) for mark, closing in QUOTES.items()}
    items, item, closing, at_start = [], "", "", True
    for place, character in enumerate(text):
        if closing and character == closing and text[place + 1 : place + 2].strip() in ("", ","):
            closing = ""
        elif closing:
            item += character
        elif at_start and character in QUOTES and last[character] > place:
            closing, at_start = QUOTES[character], False
        elif character == ",":
            items.append(item)
            item, at_start = "", True
        else:
            item += character
            at_start = at_start and character.isspace()
    return [*items, item]
