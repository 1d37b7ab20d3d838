"""What an event changed, field by field, in words: for the log, its file and the timelines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.models import Event


@dataclass(frozen=True)
class Change:
    """A field of which the value before and the value after are on record. Where they were erased, `erased` says so alone."""

    label: str = ""
    before: str = ""
    after: str = ""
    erased: bool = False

    def __str__(self) -> str:
        if self.erased:
            return _("What was before and after was erased")
        return _("%(label)s: “%(before)s” to “%(after)s”") % vars(self)


@cache
def kinds() -> dict[str, type[models.Model]]:
    """ "app.model" -> model, of all that an event can be about."""
    return {model._meta.label_lower: model for model in apps.get_models()}


def changes_of(event: Event) -> list[Change]:
    """Of one event, in the order of the fields' names as they are called."""
    if "changes" in event.gone:
        return [Change(erased=True)]
    model = kinds().get(event.subject.partition(":")[0])
    return sorted(_changes(model, event.data), key=lambda change: change.label)


def _changes(model: type[models.Model] | None, data: dict[str, Any]) -> Iterator[Change]:
    for name, pair in (data.get("changes") or {}).items():
        label, choices = _field(model, name)
        yield Change(label, _value(pair[0], choices), _value(pair[1], choices))


def _field(model: type[models.Model] | None, name: str) -> tuple[str, dict[Any, Any]]:
    """(What a field is called, the words of its choices); what is no field is called as it was recorded."""
    try:
        field: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        field = None
    label = getattr(field, "verbose_name", name.replace("_", " "))
    return capfirst(str(label)), dict(getattr(field, "flatchoices", None) or ())


def _value(value: Any, choices: dict[Any, Any]) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if value in choices:
        return str(choices[value])
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    """A day, or a moment in the zone that is in use, as a sentence has it; any other text as it is."""
    try:
        return date_format(date.fromisoformat(text), "j F Y")
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
        return date_format(timezone.localtime(moment), "j F Y H:i") if timezone.is_aware(moment) else text
    except ValueError:
        return text
