"""A panel: rows that an app adds to the page of a lower model, which knows nothing of that app."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from core.access import visible


@dataclass(frozen=True)
class Row:
    """A line of a panel: what, where it leads, and one short fact beside it with its tone."""

    label: str
    url: str
    fact: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Panel:
    """A titled list of rows."""

    title: str
    rows: list[Row]


Maker = Callable[[Any, Any], Panel]
_panels: dict[str, list[Maker]] = {}


def panel(title: Any, model: type[models.Model]) -> Callable[[Callable[..., Iterable[Row]]], Maker]:
    """The function gets (the lower object, QuerySet of `model` that the reader sees) and gives rows."""

    def decorate(rows: Callable[..., Iterable[Row]]) -> Maker:
        return lambda obj, user: Panel(str(title), list(rows(obj, visible(model, user))))

    return decorate


def register(label: str, maker: Maker) -> None:
    """label: "app.model", the model whose page gets the panel."""
    _panels.setdefault(label, []).append(maker)


def panels_of(obj: models.Model, user: Any) -> list[Panel]:
    """The panels on obj's page that have something to say to this reader."""
    made = [maker(obj, user) for maker in _panels.get(obj._meta.label_lower, [])]
    return [panel for panel in made if panel.rows]
