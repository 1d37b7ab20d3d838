"""A panel: rows that an app adds to the page of a lower model, which knows nothing of that app."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.access import visible
from core.sharing import Received, received


@dataclass(frozen=True)
class Row:
    """A line of a panel: what, where it leads, and one short fact beside it with its tone.

    `note`: a sentence under the label. `act`: not a way but a verb, and `label` its button: it is posted.
    """

    label: str
    url: str
    fact: str = ""
    tone: str = ""
    act: bool = False
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """A titled list of rows."""

    title: str
    rows: list[Row]


Maker = Callable[[Any, Any], Panel]
_panels: dict[str, list[Maker]] = {}


def panel(title: Any, model: type[models.Model], *perm: str) -> Callable[[Callable[..., Iterable[Row]]], Maker]:
    """The function gets (the lower object, QuerySet of `model` that the reader sees, or holds `perm` on) and gives rows."""

    def decorate(rows: Callable[..., Iterable[Row]]) -> Maker:
        return lambda obj, user: Panel(str(title), list(rows(obj, visible(model, user, *perm))))

    return decorate


def register(label: str, maker: Maker) -> None:
    """label: "app.model", the model whose page gets the panel."""
    _panels.setdefault(label, []).append(maker)


def panels_of(obj: models.Model, user: Any) -> list[Panel]:
    """The panels on obj's page that have something to say to this reader."""
    made = [maker(obj, user) for maker in _panels.get(obj._meta.label_lower, [])]
    return [panel for panel in made if panel.rows]


def shared_with(user: Any, reader: Any) -> Panel:
    """On one's own desk: what is shared with one, which no list of what waits would name."""
    rows = [_received(each) for each in received(reader)] if user == reader else []
    return Panel(_("Shared with you"), rows)


def _received(each: Received) -> Row:
    until = _("until %(day)s") % {"day": date_format(each.until, "j M Y")} if each.until else _("without an end")
    return Row(
        str(each.obj), reverse(f"{each.obj._meta.app_label}:{each.obj._meta.model_name}_detail", args=[each.obj.ref]), until
    )


@dataclass(frozen=True)
class Count:
    """How much an app has of each record of a lower model, for a list of such records.

    `words(number)` says it; `rows` narrows the rows of `model` that the reader sees to those that count; `key` is the path from
    such a row to the record.
    """

    words: Callable[[int], str]
    model: type[models.Model]
    rows: Callable[[models.QuerySet[Any]], models.QuerySet[Any]]
    key: str

    def numbers(self, objs: Iterable[models.Model], user: Any) -> dict[int, int]:
        """{key: how many rows} of these records, in one query."""
        found = self.rows(visible(self.model, user)).order_by().filter(**{f"{self.key}__in": [obj.pk for obj in objs]})
        return dict(found.values_list(self.key).annotate(models.Count("pk", distinct=True)))


_counts: dict[str, list[Count]] = {}


def count(label: str, each: Count) -> None:
    """label: "app.model", the model whose lists tell it."""
    _counts.setdefault(label, []).append(each)


def counts_of(objs: Sequence[models.Model], user: Any) -> dict[int, list[str]]:
    """{key: what there is of it, a few words each}, of records of one model. A query for each app, whatever their number."""
    said: dict[int, list[str]] = {}
    for each in reversed(_counts.get(objs[0]._meta.label_lower, [])) if objs else ():
        for key, number in each.numbers(objs, user).items():
            said.setdefault(key, []).append(each.words(number))
    return said


# What everybody may read of a record of a lower app: it is public as long as an upper app has something to show of it.


@dataclass(frozen=True)
class Showing:
    """What an app shows on the public page of a lower model, and so makes that page exist.

    `name` is what open data call it; `rows` gives what is published, in order; `key` is the path from such a row to the
    record whose page it stands on.
    """

    name: str
    title: Any
    rows: Callable[[], models.QuerySet[Any]]
    key: str
    row: Callable[[Any], Row]

    def panel(self, obj: models.Model) -> Panel:
        """The rows of one record."""
        rows = self.rows()
        found = rows.filter(pk__in=rows.order_by().filter(**{self.key: obj.pk}).values("pk"))  # each once
        return Panel(str(self.title), [self.row(each) for each in found])

    def keys(self) -> models.QuerySet[Any]:
        """The keys of all records of which there is something to show."""
        found = self.rows().order_by().exclude(**{f"{self.key}__isnull": True})
        return found.values(self.key)

    def counts(self, objs: Iterable[models.Model]) -> dict[int, int]:
        """{key: how many rows} for these records, in one query."""
        found = self.rows().order_by().filter(**{f"{self.key}__in": [obj.pk for obj in objs]})
        return dict(found.values_list(self.key).annotate(models.Count("pk", distinct=True)))


_showings: dict[str, list[Showing]] = {}


def show(label: str, showing: Showing) -> None:
    """label: "app.model", the model whose public page shows it."""
    _showings.setdefault(label, []).append(showing)


def showings_of(label: str) -> list[Showing]:
    """What the apps show of a model: by this it is public. The lowest app first."""
    return _showings.get(label, [])[::-1]


def shown_on(obj: models.Model) -> list[Panel]:
    """The panels on obj's public page that have something to say. One query for each app that shows something."""
    made = [showing.panel(obj) for showing in showings_of(obj._meta.label_lower)]
    return [panel for panel in made if panel.rows]
