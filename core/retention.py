"""How long each kind of record is kept: the table that the apps fill, what has been announced, what is on hold, what has gone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access import Actor
from core.models import Record, pair

NOTICE = timedelta(days=14)  # so long before it goes a record has been announced


@dataclass(frozen=True)
class Keeping:
    """One kind of record that is not kept for ever. `kind` is its name in addresses and on record: it never changes.

    rows(day): those whose period began on that day or before; `began` names the column that says when. forget(rows=, by=)
    is an action that erases them, and what hangs on them, and says how many. line(row): what the list calls one of them,
    for an administrator, who reads no messages. at_once: not announced before, because nobody could object.
    """

    kind: str
    title: Any
    what: Any  # goes and stays, in a sentence
    period: timedelta
    counted: Any  # "after …"
    basis: Any  # why it may be kept so long and no longer, in a sentence
    rows: Callable[[date], models.QuerySet[Any]]
    began: str
    forget: Callable[..., int]
    line: Callable[[Any], str]
    at_once: bool = False


_keepings: dict[str, Keeping] = {}


def register(keeping: Keeping) -> None:
    """Called when an app is ready."""
    _keepings[keeping.kind] = keeping


def keepings() -> list[Keeping]:
    """Every kind, by its name."""
    return [_keepings[kind] for kind in sorted(_keepings)]


def keeping(kind: str) -> Keeping | None:
    return _keepings.get(kind)


def on_or_before(column: str, day: date) -> Q:
    """Rows whose moment in `column` was on that day, in the zone of the site, or before."""
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone())
    return Q(**{f"{column}__lt": after})


class Hold(Record):
    """A kind of record of which nothing goes for the time being, because somebody said why. Lifted, it stays as history."""

    kind = models.CharField(max_length=40)
    reason = models.TextField()
    by = models.CharField(max_length=40)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=40, null=True, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("hold_retention", "Can see what retention deletes, and put it on hold")]
        verbose_name = _("hold")
        constraints = [
            models.UniqueConstraint(name="hold_stands_once", fields=["kind"], condition=Q(lifted_at=None)),
            pair("lifted_at", "lifted_by", "hold_lifted_by_somebody"),
        ]


class Announcement(models.Model):
    """On `day` it could be read that everything that began on `cutoff` or before goes."""

    kind = models.CharField(max_length=40)
    day = models.DateField()
    cutoff = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="announced_once_a_day", fields=["kind", "day"])]


class Sweep(Record):
    """What went of one kind in one run. The Event about it has the same figures."""

    kind = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        verbose_name = _("retention")


def swept(kept: Keeping) -> models.QuerySet[Sweep]:
    """What has gone of it, the last run first."""
    return Sweep.objects.filter(kind=kept.kind).order_by("-pk")


def hold_of(kind: str) -> Hold | None:
    """The hold that stands."""
    return Hold.objects.filter(kind=kind, lifted_at=None).first()


def _announced(kind: str) -> models.QuerySet[Announcement]:
    """What was announced since the last hold was lifted: after one, everything is announced anew."""
    lifted = Hold.objects.filter(kind=kind).aggregate(last=Max("lifted_at"))["last"]
    found = Announcement.objects.filter(kind=kind)
    return found.filter(day__gt=timezone.localdate(lifted)) if lifted else found


def due(kept: Keeping, today: date) -> models.QuerySet[Any]:
    """What goes in a run on this day: its period is over, and it was announced long enough ago. Nothing while it is on hold."""
    over = today - kept.period
    if hold_of(kept.kind):
        return kept.rows(over).none()
    if kept.at_once:
        return kept.rows(over)
    last = _announced(kept.kind).filter(day__lte=today - NOTICE).aggregate(last=Max("cutoff"))["last"]
    return kept.rows(min(over, last)) if last else kept.rows(over).none()


def coming(kept: Keeping, today: date) -> models.QuerySet[Any]:
    """What goes within the days of the notice, or is due and waits for its notice to pass, the longest kept first."""
    found = kept.rows(today - kept.period if kept.at_once else _cutoff(kept, today))
    return found.order_by(kept.began, "pk")


def _cutoff(kept: Keeping, today: date) -> date:
    return today + NOTICE - kept.period


def announceable(kept: Keeping, today: date) -> date | None:
    """The cutoff that is to be announced on this day; None where there is nothing to announce."""
    if kept.at_once or hold_of(kept.kind) or not coming(kept, today).exists():
        return None
    return _cutoff(kept, today)


def announced(kept: Keeping, today: date) -> tuple[int, date] | None:
    """(How many rows have been announced and are still there, the first day on which one goes). None while it is on hold."""
    last = None if kept.at_once or hold_of(kept.kind) else _announced(kept.kind).aggregate(last=Max("cutoff"))["last"]
    rows = kept.rows(last).order_by(kept.began, "pk") if last else None
    first = rows.first() if rows is not None else None
    return (rows.count(), max(goes_on(kept, today)(first), today)) if rows is not None and first else None


def goes_on(kept: Keeping, today: date) -> Callable[[Any], date]:
    """A function that says of a row on which day it goes at the earliest. Two queries, for any number of rows."""
    announced = list(_announced(kept.kind).order_by("day").values_list("cutoff", "day"))
    unannounced = today if kept.at_once else today + timedelta(days=1) + NOTICE  # announced by the next run

    def day(row: Any) -> date:
        began = timezone.localdate(getattr(row, kept.began))
        told = next((first + NOTICE for cutoff, first in announced if cutoff >= began), unannounced)
        return max(began + kept.period, today if kept.at_once else told)

    return day


@dataclass(frozen=True)
class Outlook:
    """A kind with its figures: how many go in the next run, how many until `until`, and the hold that stops it."""

    keeping: Keeping
    next: int
    coming: int
    until: date
    hold: Hold | None


def outlook(kept: Keeping, today: date) -> Outlook:
    return Outlook(kept, due(kept, today).count(), coming(kept, today).count(), today + NOTICE, hold_of(kept.kind))


def table() -> Iterator[str]:
    """The table of docs/retention.md, line by line."""
    yield "| kind of record | kept for | goes | what goes, what stays | why |"
    yield "|---|---|---|---|---|"
    for kept in keepings():
        told = "the same night" if kept.at_once else f"after {NOTICE.days} days’ notice"
        days = f"{kept.period.days} days {kept.counted}" if kept.period else str(kept.counted)
        yield f"| {kept.title} | {days} | {told} | {kept.what} | {kept.basis} |"


def erase(kept: Keeping, today: date, *, by: Actor) -> int:
    """For the action that applies it: erase what is due; how many."""
    return kept.forget(rows=due(kept, today), by=by)
