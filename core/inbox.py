"""What waits for me: each app's inbox.py says so from state; nothing is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

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

    @property
    def waited(self) -> int | None:
        """Days since it began to wait; None where nobody counted."""
        return (timezone.localdate() - self.since).days if self.since else None


@dataclass(frozen=True)
class Group:
    """What is equally urgent: its title, the word and tone of its lines, the lines."""

    title: str
    word: str
    tone: str
    items: list[Waiting]


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


def by_urgency(items: Iterable[Waiting], today: date) -> list[Group]:
    """Overdue first, then what this week asks; what waits without a date comes before what has time until later.

    Groups without a line are left out. Order inside is kept.
    """
    sunday = today + timedelta(days=6 - today.weekday())
    late = Group(_("Overdue"), _("Late"), "bad", [])
    soon = Group(_("This week"), _("Due"), "wait", [])
    later = Group(_("Later"), _("Later"), "gone", [])
    undated = Group(_("Without a date"), _("Waiting"), "info", [])
    for item in items:
        if item.due is None:
            undated.items.append(item)
        else:
            (late if item.due < today else soon if item.due <= sunday else later).items.append(item)
    return [group for group in (late, soon, undated, later) if group.items]
