"""The audit chain: record() collects, close() appends under the head lock, verify() walks it,
missing() compares it with what was kept elsewhere, history() tells it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.access import HOUSE, Actor
from core.models import Event, Head
from core.unit import Draft, Unit, current


def subject_of(obj: models.Model) -> str:
    """What an Event is about: by public reference, or by key where the model is not ours."""
    return f"{obj._meta.label_lower}:{getattr(obj, 'ref', obj.pk)}"


def record(verb: str, obj: models.Model, *, by: Actor, **data: Any) -> None:
    """Collect an Event. It gets its place in the chain when the outermost action ends."""
    plain = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    current().drafts.append(Draft(timezone.now(), by.ref, verb, subject_of(obj), plain))


def labels(obj: models.Model, names: Iterable[str]) -> str:
    """What these fields are called, for a sentence: "first day, last day"."""
    return ", ".join(str(getattr(obj._meta.get_field(name), "verbose_name", name)) for name in names)


def link(previous: str, seq: int, draft: Draft) -> str:
    """The hash of one Event: SHA-256 over the hash before it and every column."""
    line = [previous, seq, draft.at.isoformat(), draft.by, draft.verb, draft.subject, draft.data]
    return hashlib.sha256(json.dumps(line, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def close(unit: Unit) -> None:
    """Append what the unit collected. Nothing may wait after the head is locked, so this comes last."""
    if not (unit.drafts or unit.touched):
        return
    if connection.vendor == "postgresql":
        # Foreign keys are checked at commit, which can wait for a row whose holder waits for the head: check them now.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    head = Head.objects.select_for_update().get(pk=1)
    events = []
    for draft in unit.drafts:
        head.seq += 1
        head.hash = link(head.hash, head.seq, draft)
        events.append(Event(seq=head.seq, hash=head.hash, **vars(draft)))
    head.generation += unit.touched
    Event.objects.bulk_create(events, batch_size=500)
    head.save()


def verify() -> int | None:
    """The first sequence number that does not fit, or None: the chain is whole and ends where the head says.

    Others may write meanwhile: the head is read after the events, and what has come since is walked as well.
    """
    previous, seq = "", 0
    rows = Event.objects.order_by("seq")
    while True:
        for event in rows.iterator():
            seq += 1
            draft = Draft(event.at, event.by, event.verb, event.subject, event.data)
            if event.seq != seq or event.hash != link(previous, seq, draft):
                return seq
            previous = event.hash
        head = Head.objects.get(pk=1)
        rows = rows.filter(seq__gt=seq)
        if head.seq <= seq or not rows.exists():
            return None if (head.seq, head.hash) == (seq, previous) else seq + 1


def mentions(words: list[str]) -> list[Event]:
    """Events in what of which one of these words stands, whatever its capitals."""
    found = [word.casefold() for word in words]
    return [event for event in Event.objects.order_by("seq") if any(word in _all(event.data) for word in found)]


def _all(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False).casefold()


def redact(words: list[str], *, by: Actor, why: str) -> int:
    """Take these words out of the chain; how many events said them. Nothing is taken out as yet: an event stays as it is."""
    return 0


redact.thin = True  # type: ignore[attr-defined]


NOTHING = "0" * 64  # the hash of a chain without an event


def end() -> str:
    """Where the chain ends, "number:hash". Kept where nobody who owns the database writes, it vouches for all before it."""
    head = Head.objects.get(pk=1)
    return f"{head.seq}:{head.hash or NOTHING}"


def missing(ends: Iterable[tuple[int, str]]) -> list[tuple[int, bool]]:
    """Those of these ends that the chain, which is whole, does not have: (number, whether there is another event of it)."""
    asked, there = list(ends), {0: NOTHING}
    for start in range(0, len(asked), 500):
        numbers = [seq for seq, _hash in asked[start : start + 500]]
        there |= dict(Event.objects.filter(seq__in=numbers).values_list("seq", "hash"))
    return [(seq, seq in there) for seq, digest in asked if there.get(seq) != digest]


_keepers: Callable[[], Iterable[str]] | None = None


def provide_keepers(find: Callable[[], Iterable[str]]) -> None:
    """Called once, at app ready, by the app that knows roles: find() -> the addresses to which the end of the chain goes."""
    global _keepers
    _keepers = find


def keepers() -> list[str]:
    """Who keeps the end of each day, by address."""
    return list(_keepers()) if _keepers else []


# The chain in words.

_sentences: dict[str, Any] = {}
_names: Callable[[Iterable[str]], Mapping[str, str]] | None = None


_finder: Callable[[str], Iterable[str]] | None = None


def provide_names(names: Callable[[Iterable[str]], Mapping[str, str]], find: Callable[[str], Iterable[str]]) -> None:
    """Called once, at app ready, by the app that knows people: names(refs) -> {ref: printed name}, find(words) -> refs of those
    with such a name, each in one query."""
    global _names, _finder
    _names, _finder = names, find


def names(refs: Iterable[str]) -> Mapping[str, str]:
    """{ref: printed name} of those who did something, in one query."""
    return _names({ref for ref in refs if ref}) if _names else {}


def named(words: str) -> list[str]:
    """Who did something, by words of the name: references; the house where it is meant."""
    house = [HOUSE.ref] if words.strip().casefold() in str(_("The system")).casefold() else []
    return [*house, *(_finder(words) if _finder else ())]


def in_general(verb: str) -> str:
    """A sentence without its facts, for a choice: "… changed …." """
    return str(_sentences[verb]) % _Blank()


def tell(sentences: Mapping[str, Any]) -> None:
    """Add an app's sentences: {"thing.moved": "%(who)s moved it"}; besides `who`, the data of the Event may be named."""
    _sentences.update(sentences)


def sentences() -> Mapping[str, Any]:
    """Every verb that has a sentence."""
    return _sentences


@dataclass(frozen=True)
class Line:
    """One line of a timeline."""

    at: datetime
    text: str
    verb: str


def history(*objects: models.Model, limit: int = 200) -> list[Line]:
    """The newest `limit` Events about these objects as sentences, newest first. Two queries."""
    events = list(Event.objects.filter(subject__in=[subject_of(obj) for obj in objects]).order_by("-seq")[:limit])
    names = dict(_names({event.by for event in events})) if _names else {}
    names[HOUSE.ref] = str(_("The system"))
    return [Line(event.at, told(event, names.get(event.by, str(_("Somebody")))), event.verb) for event in events]


class _Facts(dict[str, Any]):
    """An Event written before a fact was recorded still reads as a sentence."""

    def __missing__(self, key: str) -> str:
        return "?"

    def __getitem__(self, key: str) -> Any:
        """A day was kept as text, 2026-11-23; it is told as 23 November 2026."""
        value = super().__getitem__(key)
        try:
            return date_format(datetime.strptime(value, "%Y-%m-%d"), "j F Y")
        except (TypeError, ValueError):
            return value


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def told(event: Event, who: str) -> str:
    """The event as a sentence."""
    sentence = _sentences.get(event.verb)
    return str(sentence) % _Facts(event.data, who=who) if sentence else f"{who}: {event.verb}"
