"""From the text of a cell to a value of a field's type, or a sentence that says why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Literal
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from core.imports.dates import NoDate, Order, Partial, parse_date
from core.imports.schema import Field, Scalar
from core.imports.words import UNSEEN, loose, nearest, strip, tidy

YES = {"true", "yes", "y", "1", "x", "✓", "✔", "on", "ja", "wahr", "oui", "vrai", "si", "sí", "sim", "t"}
NO = {"false", "no", "n", "0", "off", "nein", "falsch", "non", "faux", "não", "nao", "f", "✗", "-"}
CURRENCY = re.compile(r"[€$£¥%]|\b[A-Z]{3}\b")
BLANKS_AND_MARKS = re.compile(r"[\s'’\u00a0\u202f]")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
YEARS = re.compile(r"(?<!\d)(?:1[89]|20|21)\d{2}(?!\d)")
HOST = re.compile(r"[^\s.@/:?#]+(?:\.[^\s.@/:?#]+)+\.?")
# What no address holds unless several of them, or something else, stand in the cell (RFC 3986, appendix A).
UNFIT = re.compile(r"[\s|<>\"^`\\]")
EMAIL = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,190}")
TAG = re.compile(r"<[^<>]{0,1000}>")
BREAKING_TAG = re.compile(r"<(?:br|/p|/li|/div|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
LARGEST = 10**15
LINE = 300  # characters: what is longer may have several lines

As = Literal["", "lower", "upper", "slug", "plain"]
Decimals = Literal["", ".", ","]


class NoValue(ValueError):
    """The cell cannot be such a value; `code` names the fault, the message is a sentence for a person."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Reading:
    """How the cells of a column are to be understood."""

    order: Order = ""
    formats: tuple[str, ...] = ()
    partial: Partial = "start"
    decimal: Decimals = ""
    form: As = ""


def convert(field: Field, text: str, reading: Reading) -> Scalar:
    """The value of a cell that is not blank. Raises NoValue. References are texts here; who resolves them knows more."""
    text = shape(text, reading.form)
    value = CONVERT[field.type](field, text, reading)
    if field.longest and isinstance(value, str) and len(value) > field.longest:
        sentence = _("This has %(length)d characters; at most %(most)d fit.")
        raise NoValue("too-long", sentence % {"length": len(value), "most": field.longest})
    return value


def shape(text: str, form: As) -> str:
    """The text as a mapping wants it: in one case, as a slug, or without markup."""
    if form == "lower":
        return text.lower()
    if form == "upper":
        return text.upper()
    if form == "plain":
        return strip(unescape(TAG.sub("", BREAKING_TAG.sub("\n", text))))
    if form == "slug":
        return "-".join(loose(text).split())
    return text


def to_text(field: Field, text: str, reading: Reading) -> str:
    """What is short is one line: a name, which stands in the subject of mails. Nothing unseen is left in it."""
    text = UNSEEN.sub("", text)
    if 0 < field.longest <= LINE:
        return tidy(text)
    return unicodedata.normalize("NFC", strip(text.replace("\r\n", "\n").replace("\r", "\n")))


def to_name(field: Field, text: str, reading: Reading) -> str:
    return tidy(UNSEEN.sub("", text))


def to_decimal(text: str, decimal: Decimals, *, integral: bool) -> Decimal | None:
    """A number in any usual notation; None if it is none. Without `decimal`, of two separators the last is the decimal one;
    a single comma before three digits separates thousands, a single point does so only in whole numbers."""
    text = BLANKS_AND_MARKS.sub("", CURRENCY.sub("", text))
    point = decimal
    if not point:
        comma, dot = text.rfind(","), text.rfind(".")
        if comma >= 0 and dot >= 0:
            point = "," if comma > dot else "."
        elif comma >= 0:
            point = "." if grouped(text, ",") else ","
        elif dot >= 0:
            point = "," if grouped(text, ".") and (integral or text.count(".") > 1) else "."
    thousands = "." if point == "," else ","
    if thousands in text and not grouped(text.partition(point)[0] if point else text, thousands):
        return None
    text = text.replace(thousands, "").replace(",", ".")
    if len(text) > 40 or not PLAIN_NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def grouped(text: str, separator: str) -> bool:
    """Whether a separator stands before groups of three digits only."""
    first, *rest = text.lstrip("+-").split(separator)
    return bool(rest) and 0 < len(first) <= 3 and first.isdecimal() and all(len(part) == 3 and part.isdecimal() for part in rest)


def to_number(field: Field, text: str, reading: Reading) -> Decimal:
    found = to_decimal(text, reading.decimal, integral=False)
    if found is None or abs(found) > LARGEST:
        raise NoValue("no-number", _("This is no number."))
    return found


def to_integer(field: Field, text: str, reading: Reading) -> int:
    found = to_decimal(text, reading.decimal, integral=True)
    if found is None or found != found.to_integral_value() or abs(found) > LARGEST:
        raise NoValue("no-number", _("This is no whole number."))
    return int(found)


def to_date(field: Field, text: str, reading: Reading) -> Scalar:
    try:
        return parse_date(text, order=reading.order, formats=reading.formats, partial=reading.partial)
    except NoDate as error:
        raise NoValue("no-date", str(error))


def to_year(field: Field, text: str, reading: Reading) -> int:
    """The year in the cell: the only number that can be one ("2023", "Class of 2023", "2023/24"), or that of a date."""
    found = set(YEARS.findall(text))
    if len(found) == 1:
        return int(found.pop())
    try:
        return parse_date(text, order=reading.order or "day-first", formats=reading.formats).year
    except NoDate:
        sentence = _("There are several years here.") if found else _("This is no year.")
        raise NoValue("no-year", sentence)


def to_url(field: Field, text: str, reading: Reading) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme.lower() not in ("http", "https") or not HOST.fullmatch(host) or UNFIT.search(text):
        raise NoValue("no-url", _("This is no web address."))
    if "://" not in text and ("@" in text or len(host.rpartition(".")[2]) < 2):
        raise NoValue("no-url", _("This is no web address."))
    return address


def to_email(field: Field, text: str, reading: Reading) -> str:
    address = text.removeprefix("mailto:")
    if not EMAIL.fullmatch(address) or "." not in address.rpartition("@")[2].strip("."):
        raise NoValue("no-email", _("This is no mail address."))
    return address


def to_choice(field: Field, text: str, reading: Reading) -> str:
    wanted = loose(text)
    for choice in field.choices:
        if loose(choice) == wanted:
            return choice
    options = ", ".join(field.choices)
    meant = nearest(text, field.choices)
    if meant:
        sentence = _("“%(value)s” is not among %(options)s; “%(meant)s” may be meant. Say so under values in the mapping.")
    else:
        sentence = _("“%(value)s” is not among %(options)s. Say under values in the mapping what it means.")
    raise NoValue("no-choice", sentence % {"value": text[:80], "options": options, "meant": meant})


def to_boolean(field: Field, text: str, reading: Reading) -> bool:
    word = tidy(text).casefold()
    if word in YES or word in NO:
        return word in YES
    raise NoValue("no-boolean", _("This is neither yes nor no."))


CONVERT: Mapping[str, Callable[[Field, str, Reading], Scalar]] = {
    "text": to_text,
    "integer": to_integer,
    "number": to_number,
    "date": to_date,
    "year": to_year,
    "url": to_url,
    "email": to_email,
    "choice": to_choice,
    "reference": to_name,
    "boolean": to_boolean,
}
