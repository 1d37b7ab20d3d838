"""The log: every event that somebody may read, as a sentence, with the record it is about and what was before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import access, audit
from core.access import HOUSE
from core.audit import READ
from core.changes import Change, changes_of, kinds
from core.models import Event, Message, Record
from core.once import asked_once


def models() -> list[type[Model]]:
    """Whose records have events and say who sees them."""
    found = [model for model in apps.get_models() if issubclass(model, Record) and model is not Message]
    return [model for model in found if hasattr(model._default_manager, "visible_to")]


def readable(user: Any) -> QuerySet[Event]:
    """What this person may read, each with `opens`: whether they may open the record, and so read what a sentence says of it and
    what was before and after.

    Others read what is about the records that they reach as holders of the log, whatever else they see by other roles: a draft
    that a party has not been sent stays unread by its coordinator elsewhere. Who holds it for the whole site reads of everything
    that it happened, by whom and when, and all of what happened to the chain itself. One query, after those for the live rows.
    """
    with asked_once():
        about = _about(user)
        if access.reach(user, READ)["site"]:
            opens = When(about | Q(subject=audit.CHAIN), then=Value(True))
            return Event.objects.annotate(opens=Case(opens, default=Value(False), output_field=BooleanField()))
        return Event.objects.filter(about).annotate(opens=Value(True))


def _about(user: Any) -> Q:
    """Events about what somebody holds the log of."""
    found = Q(pk__in=[])
    for model in models():
        rows = access.visible(model, user, READ).order_by()
        found |= Q(subject__in=rows.annotate(named=Concat(Value(f"{model._meta.label_lower}:"), "ref")).values("named"))
    return found


@dataclass(frozen=True)
class Entry:
    """One line of the log. `url` is "" where the reader may not open the record, or it has no page."""

    seq: int
    at: datetime
    who: str
    text: str
    kind: str
    ref: str
    url: str
    changes: list[Change]


def entries(events: Iterable[Event]) -> list[Entry]:
    """Rows of readable() as lines. One query more, for the names."""
    rows = list(events)
    names = {**audit.names({event.by for event in rows}), HOUSE.ref: str(_("The system"))}
    return [_entry(event, names.get(event.by, str(_("Somebody")))) for event in rows]


def _entry(event: Event, who: str) -> Entry:
    label, _colon, ref = event.subject.partition(":")
    model, opens = kinds().get(label), event.opens  # type: ignore[attr-defined]
    return Entry(
        event.seq,
        event.at,
        who,
        audit.told(event, who) if opens else audit.in_general(event.verb, who),
        capfirst(str(model._meta.verbose_name)) if model else label,
        ref,
        _address(model, ref) if opens and model else "",
        changes_of(event) if opens else [],
    )


def verbs() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind of change as a choice, under what it happens to: many sentences are the same but for that."""
    nouns = {model._meta.model_name: capfirst(str(model._meta.verbose_name)) for model in models()}
    found: dict[str, list[tuple[str, str]]] = {}
    for verb in audit.sentences():
        noun = verb.partition(".")[0]
        found.setdefault(nouns.get(noun.replace("_", ""), capfirst(noun)), []).append((verb, audit.in_general(verb)))
    return sorted((noun, sorted(choices, key=lambda choice: choice[1])) for noun, choices in found.items())


def _address(model: type[Model], ref: str) -> str:
    try:
        return reverse(f"{model._meta.app_label}:{model._meta.model_name}_detail", args=[ref])
    except NoReverseMatch:
        return ""
