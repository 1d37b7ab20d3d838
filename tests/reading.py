"""What somebody reads in an answer: the rows of its table, what has to be changed, what was done, its file."""

import csv
import io
from typing import Any

from bs4 import BeautifulSoup, Tag


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def words(tag: Tag | None) -> str:
    """The text of an element on one line, or ""."""
    return " ".join(tag.get_text(" ").split()) if tag else ""


def page(answer: Any) -> str:
    """All text of the main part."""
    return words(soup(answer).main)


def rows(answer: Any) -> list[list[str]]:
    """The cells of the first table."""
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in soup(answer).select("table tbody tr")]


def names(answer: Any) -> list[str]:
    """What the rows of the first table lead to."""
    return [words(link) for link in soup(answer).select("table tbody th a")]


def buttons(answer: Any) -> list[str]:
    """What can be pressed in the main part, links that look like buttons among it."""
    return [words(each) for each in soup(answer).select("main .btn:not([aria-disabled])")]


def problems(answer: Any) -> list[str]:
    """The summary of what has to be changed."""
    return [words(each) for each in soup(answer).select("#errors li")]


def said(answer: Any) -> list[str]:
    """What came of an action, on the page that follows it."""
    return [words(each) for each in soup(answer).select("main .notice[role=status]")]


def title(answer: Any) -> str:
    return words(soup(answer).title)


def reason(answer: Any) -> str:
    """Why it was refused."""
    return words(soup(answer).select_one(".refusal .lede"))


def next_of(answer: Any) -> list[str]:
    """The one loud thing on a record: its title, then its sentences."""
    return [words(each) for each in soup(answer).select(".next h2, .next p, .next .mute")]


def typed(answer: Any, name: str) -> str:
    """What stands in the field of a form that came back."""
    field = soup(answer).select_one(f"main form [name={name}]")
    assert field is not None, name
    if field.name == "select":
        chosen = field.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    return field.get_text().removeprefix("\n") if field.name == "textarea" else str(field.get("value", ""))


def options(answer: Any, name: str) -> list[str]:
    """The choices of a select, without the empty one."""
    return [words(each) for each in soup(answer).select(f"main select[name={name}] option") if each.get("value")]


def table_of(answer: Any) -> list[list[str]]:
    """The lines of a CSV file, with its heads."""
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
