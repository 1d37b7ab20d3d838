"""The audit chain: record() collects, close() appends under the head lock, redact() erases values from it, verify() walks
it, missing() compares it with what was kept elsewhere, history() tells it."""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import access
from core.access import HOUSE, Actor
from core.changes import Change, changes_of
from core.models import Event, Head, Sequence
from core.once import asked_once
from core.unit import Draft, Unit, current

READ = "core.read_log"


def subject_of(obj: models.Model) -> str:
    """What an Event is about: by public reference, or by key where the model is not ours."""
    return f"{obj._meta.label_lower}:{getattr(obj, 'ref', obj.pk)}"


def record(verb: str, obj: models.Model, *, by: Actor, **data: Any) -> None:
    """Collect an Event. It gets its place in the chain when the outermost action ends.

    `changes` is {field: [before, after]} as store() gives it; other records in it are named.
    """
    if "changes" in data:
        data["changes"] = {name: [_told(value) for value in pair] for name, pair in data["changes"].items()}
    plain = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    salts = {key: secrets.token_hex(16) for key in plain}
    current().drafts.append(Draft(timezone.now(), by.ref, verb, subject_of(obj), plain, salts))


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def labels(obj: models.Model, names: Iterable[str]) -> str:
    """What these fields are called, for a sentence: "first day, last day"."""
    return ", ".join(str(getattr(obj._meta.get_field(name), "verbose_name", name)) for name in names)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def digest(salt: str, value: Any) -> str:
    """What stands for one value in the chain. The salt goes with the value: without it nobody can try out what it was."""
    return hashlib.sha256((salt + _canonical(value)).encode()).hexdigest()


def link(previous: str, seq: int, draft: Draft | Event) -> str:
    """The hash of one Event: SHA-256 over the hash before it, every column, and for each value its digest."""
    digests = {key: digest(draft.salts[key], value) for key, value in draft.data.items()} | draft.gone
    line = [previous, seq, draft.at.isoformat(), draft.by, draft.verb, draft.subject, digests]
    return hashlib.sha256(_canonical(line).encode()).hexdigest()


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
            if event.seq != seq or not _sound(event) or event.hash != link(previous, seq, event):
                return seq
            previous = event.hash
        head = Head.objects.get(pk=1)
        rows = rows.filter(seq__gt=seq)
        if head.seq <= seq or not rows.exists():
            return None if (head.seq, head.hash) == (seq, previous) else seq + 1


def _sound(event: Event) -> bool:
    """Each value has its salt, and nothing is there and erased at once."""
    whole = all(isinstance(facts, dict) for facts in (event.data, event.salts, event.gone))
    return whole and event.data.keys() == event.salts.keys() and not event.data.keys() & event.gone.keys()


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


# What the chain forgets. A value and its salt go, the digest stays, and so does the hash of every Event.

REDACTED, CHAIN = "event.redacted", "core.head:1"  # what that Event is about
MAP = frozenset(["values", "events", "where"])  # of such an Event: what says which values were erased by right


def _folded(text: str) -> str:
    """As it is compared: without capitals, in one way of writing accents, with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def _wanted(words: Iterable[str]) -> list[str]:
    return [folded for word in words if (folded := _folded(word))]


def _texts(value: Any) -> Iterator[str]:
    """Every text and number in a value, at any depth."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _speaks(value: Any, wanted: list[str]) -> bool:
    return any(word in text for text in map(_folded, _texts(value)) for word in wanted)


def _keys(event: Draft | Event, wanted: list[str]) -> list[str]:
    kept = MAP if event.verb == REDACTED else frozenset()
    return sorted(key for key, value in event.data.items() if key not in kept and _speaks(value, wanted))


def mentions(words: Iterable[str]) -> list[Event]:
    """The Events with a value in which one of these occurs, at any depth and whatever its capitals; the oldest first.

    Every Event is read, because no database compares letters as people do: some seconds for a hundred thousand.
    """
    wanted = _wanted(words)
    return [event for event in Event.objects.order_by("seq").iterator() if _keys(event, wanted)] if wanted else []


def redact(words: Iterable[str], *, by: Actor, why: str = "") -> int:
    """Erase every value in which one of these occurs; how many. For an action; who may is said where it is asked for.

    An Event tells where, by whom and why. What the same action has recorded so far loses the words before it is written.
    What others are writing at this moment is not seen: ask again when it has to be nothing.
    """
    unit, wanted = current(), _wanted(words)
    if not wanted:
        return 0
    unit.drafts = [
        replace(draft, data={key: _blank(value, wanted) for key, value in draft.data.items()}) for draft in unit.drafts
    ]
    Sequence.objects.get_or_create(name=REDACTED)
    Sequence.objects.select_for_update().get(name=REDACTED)  # one at a time: nobody puts back what another takes away
    where: dict[str, list[str]] = {}
    for event in mentions(wanted):
        keys = _keys(event, wanted)
        gone = {key: digest(event.salts[key], event.data[key]) for key in keys}
        Event.objects.filter(pk=event.pk).update(
            data={key: value for key, value in event.data.items() if key not in gone},
            salts={key: salt for key, salt in event.salts.items() if key not in gone},
            gone=event.gone | gone,
        )
        where[str(event.seq)] = keys
    count = sum(map(len, where.values()))
    if count:
        record(REDACTED, Head(pk=1), by=by, values=count, events=len(where), where=where, why=_blank(why, wanted))
    return count


def _blank(value: Any, wanted: list[str]) -> Any:
    """The same without the words, for what has no place in the chain yet."""
    if isinstance(value, dict):
        return {_blank(key, wanted): _blank(each, wanted) for key, each in value.items()}
    if isinstance(value, list):
        return [_blank(each, wanted) for each in value]
    if not _speaks(value, wanted):
        return value
    left = re.sub("|".join(map(re.escape, wanted)), erased_word(), str(value), flags=re.IGNORECASE)
    return erased_word() if _speaks(left, wanted) else left


def erased() -> tuple[int, list[tuple[int, list[str]]]]:
    """(How many values are erased, those of which no later Event tells: [(number, keys)]). For a chain that is whole."""
    gone = dict(Event.objects.exclude(gone={}).order_by("seq").values_list("seq", "gone"))
    told: dict[int, set[str]] = {}
    for seq, data in Event.objects.filter(verb=REDACTED).values_list("seq", "data"):
        for number, keys in (data.get("where") or {}).items():
            if int(number) < seq:
                told.setdefault(int(number), set()).update(keys)
    untold = [(seq, sorted(keys.keys() - told.get(seq, set()))) for seq, keys in gone.items()]
    return sum(map(len, gone.values())), [(seq, keys) for seq, keys in untold if keys]


def erased_word() -> str:
    """What stands in a sentence for a value that was erased."""
    return _("[erased]")


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


def in_general(verb: str, who: str = "…") -> str:
    """A sentence without its facts, for a choice or for who may not know them: "Cora changed …." """
    sentence = _sentences.get(verb)
    return str(sentence) % _Blank(who=who) if sentence else f"{who}: {verb}"


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
    changes: list[Change] = field(default_factory=list)


def history(*objects: models.Model, limit: int = 200, reader: Any = None) -> list[Line]:
    """The newest `limit` Events about these objects as sentences, newest first. Two queries.

    With `reader`, each has what was before and after, if that is somebody who reads it in the log: a page shows records to
    people who are not to know what a field was, such as a term before it was sent. Then a few queries more.
    """
    events = list(Event.objects.filter(subject__in=[subject_of(obj) for obj in objects]).order_by("-seq")[:limit])
    told_of = _compared(objects, reader) if any("changes" in event.data for event in events) else set()
    names = dict(_names({event.by for event in events})) if _names else {}
    names[HOUSE.ref] = str(_("The system"))
    return [
        Line(
            event.at,
            told(event, names.get(event.by, str(_("Somebody")))),
            event.verb,
            changes_of(event) if event.subject in told_of else [],
        )
        for event in events
    ]


def _compared(objects: Iterable[models.Model], reader: Any) -> set[str]:
    """Of which of these records somebody reads in the log what was before and after."""
    found: set[str] = set()
    if reader is None:
        return found
    with asked_once():
        whole = access.reach(reader, READ)["site"]
        for model in {type(obj) for obj in objects}:
            same = [obj for obj in objects if type(obj) is model]
            if not whole:
                seen = access.visible(model, reader, READ).filter(pk__in=[obj.pk for obj in same])
                keys = set(seen.values_list("pk", flat=True))
                same = [obj for obj in same if obj.pk in keys]
            found |= {subject_of(obj) for obj in same}
    return found


class _Facts(dict[str, Any]):
    """An Event written before a fact was recorded, and one whose fact was erased, still read as a sentence."""

    gone: Mapping[str, str]

    def __missing__(self, key: str) -> str:
        return erased_word() if key in self.gone else "?"

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
    sentence, facts = _sentences.get(event.verb), _Facts(event.data, who=who)
    facts.gone = event.gone
    return str(sentence) % facts if sentence else f"{who}: {event.verb}"
