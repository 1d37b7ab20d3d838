"""What waits for me: each app's inbox.py says so from state; nothing is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from core.access import visible


@dataclass(frozen=True)
class Waiting:
    """One line of the desk: what to do, where, why, by when and since when."""

    sentence: str
    url: str
    why: str = ""
    due: date | None = None
    since: date | None = None
    act: str = ""  # the verb on the button


Section = Callable[[Any], Iterable[Waiting]]
_sections: list[Section] = []


def waits(model: type[models.Model], perm: str) -> Callable[[Callable[..., Iterable[Waiting]]], Section]:
    """The section gets (user, QuerySet of what the user holds perm on)."""

    def decorate(section: Callable[..., Iterable[Waiting]]) -> Section:
        return lambda user: section(user, visible(model, user, perm))

    return decorate


def register(section: Section) -> None:
    """Called by an app's front page when it is ready."""
    _sections.append(section)


def waiting_for(user: Any) -> list[Waiting]:
    """Everything that waits for this person, the earliest date first; what has no date comes by how long it has waited."""
    items = [item for section in _sections for item in section(user)]
    return sorted(items, key=lambda item: (item.due or item.since or date.max, item.sentence))
