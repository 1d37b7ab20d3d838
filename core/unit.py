"""The unit of work that is open: what the running action has collected so far."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class NotInAction(RuntimeError):
    """A write outside an action: no transaction of ours to belong to."""


@dataclass(frozen=True)
class Draft:
    """An Event before it has a place in the chain."""

    at: datetime
    by: str
    verb: str
    subject: str
    data: dict[str, Any]
    salts: dict[str, str] = field(default_factory=dict)  # of each value: 32 hexadecimal digits
    gone: dict[str, str] = field(default_factory=dict)  # what was erased: its digest


@dataclass
class Unit:
    """Collected by the running action, written by its end."""

    drafts: list[Draft] = field(default_factory=list)
    touched: bool = False


opened: ContextVar[Unit | None] = ContextVar("opened", default=None)


def current() -> Unit:
    """The open unit. Raises NotInAction where no action runs."""
    unit = opened.get()
    if unit is None:
        raise NotInAction("call this from a function decorated with @action")
    return unit
