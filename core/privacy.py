"""What each model keeps of people, declared on the model; for models of others, in the kinds of the app that stands on them.

Export, erasure and the test that asks every model of every installed app read this and nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


class End(models.TextChoices):
    """What erasing somebody does with a kind of row."""

    DELETED = "deleted", _("deleted")
    EMPTIED = "emptied", _("emptied")
    KEPT = "kept", _("kept")


@dataclass(frozen=True)
class Subject:
    """Whose data: keys of the row that stands for them and of their sign-in, their reference, and what they are called by."""

    key: int
    ref: str
    user: int | None
    name: str
    words: tuple[str, ...]  # names, present and former, and addresses: what is looked for in texts
    addresses: tuple[str, ...]

    def looking_for(self, also: Iterable[str]) -> "Subject":
        """The same, and what somebody who knows them wrote down besides: a telephone number, another name."""
        return replace(self, words=tuple(dict.fromkeys([*self.words, *(word for word in also if len(word) >= SHORTEST)])))

    def without(self, text: str) -> tuple[str, int]:
        """(The text without the words, how often they stood in it). In an address they are written with hyphens."""
        text, number = self.pattern().subn(GONE, text) if self.words else (text, 0)
        for slug in self.slugs:
            text, more = re.subn(rf"(?<![a-z0-9]){re.escape(slug)}(?![a-z0-9])", "erased", text)
            number += more
        return text, number

    @property
    def slugs(self) -> list[str]:
        """Words of several parts as addresses of pages have them."""
        return [slug for word in self.words if "-" in (slug := slugify(word)) and "@" not in word]

    def pattern(self) -> re.Pattern[str]:
        """The words as whole words, whatever their capitals; an address is found inside of nothing longer."""
        found = sorted((re.escape(word) for word in self.words), key=len, reverse=True)
        return re.compile(rf"(?<![\w@.-])(?:{'|'.join(found)})(?![\w@]|[.-]\w)", re.IGNORECASE)


GONE = "[erased]"  # what stands in a text in the place of a name
SHORTEST = 3  # two letters are a word of some language
Where = Callable[[Subject], Q]


@dataclass(frozen=True)
class Personal:
    """One kind of row about somebody.

    `of`: paths to the person or to a sign-in ("fellow__person"; "pk" for the row itself), or a function that says which rows.
    `exported`: fields, or what the model can say of a row, that the person gets. `files`: fields that name files.
    `emptied`: {field: value, or function (row, subject) -> value} where end is EMPTIED. `because`: why a row, or what is left of
    it, is kept, in a sentence. `frozen`: fields whose words no erasure changes, for the same reason.
    `spreads`: what has a key to this row is about the person as well, and is declared too.
    `drifts`: the rows come and go by themselves, so their number is no part of what is decided on.
    """

    title: Any
    of: tuple[str, ...] | Where
    exported: tuple[str, ...] = ()
    end: End = End.KEPT
    because: Any = ""
    emptied: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()
    spreads: bool = False
    drifts: bool = False

    def where(self, model: type[models.Model], subject: Subject) -> Q:
        """The rows of one person."""
        if callable(self.of):
            return self.of(subject)
        found = Q(pk__in=[])
        for path in self.of:
            key = subject.user if leads_to(model, path)._meta.label == settings.AUTH_USER_MODEL else subject.key
            found |= Q(**{path: key}) if key is not None else Q(pk__in=[])
        return found

    def rows(self, model: type[models.Model], subject: Subject) -> models.QuerySet[Any]:
        """The same, in the order of keys, each once."""
        found = model._base_manager.filter(self.where(model, subject)).order_by().values("pk")
        return model._base_manager.filter(pk__in=found).order_by("pk")


@dataclass(frozen=True)
class Nobody:
    """The model has a field that looks personal, and says of what it speaks instead. `frozen`: as above."""

    because: Any
    frozen: tuple[str, ...] = ()


Declared = Personal | Nobody
_others: dict[str, tuple[Declared, ...]] = {}
_find: Callable[[Any], Subject] | None = None
_person = ""


def declare(table: Mapping[str, Declared | tuple[Declared, ...]]) -> None:
    """Called when an app is ready: {"app.Model": what it keeps}, of models that are not ours."""
    for label, found in table.items():
        _others[label] = found if isinstance(found, tuple) else (found,)


def provide_people(label: str, find: Callable[[Any], Subject]) -> None:
    """Called once, at app ready, by the app that knows people: the model of a person, and find(person) -> Subject."""
    global _person, _find
    _person, _find = label, find


def subject_of(person: Any) -> Subject:
    """Whose data are meant, read at this moment."""
    assert _find is not None, "no app has called privacy.provide_people()"
    return _find(person)


def declared(model: type[models.Model]) -> tuple[Declared, ...]:
    """What a model says of itself; nothing where it says nothing. A subclass of another table speaks for its own fields."""
    own = vars(model).get("personal", ())
    return (own if isinstance(own, tuple) else (own,)) or _others.get(model._meta.label, ())


def models_there() -> list[type[models.Model]]:
    """Every table, those between two models among them."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if not model._meta.proxy and model._meta.managed]


def kinds() -> Iterator[tuple[type[models.Model], Personal]]:
    """Every kind of personal row there is."""
    for model in models_there():
        for each in declared(model):
            if isinstance(each, Personal):
                yield model, each


def frozen(model: type[models.Model]) -> dict[str, Any]:
    """{field: why its words stay}"""
    return {name: each.because for each in declared(model) for name in each.frozen}


def leads_to(model: type[models.Model], path: str) -> type[models.Model]:
    """The model at the end of a path. Raises FieldDoesNotExist."""
    here: Any = model
    for name in path.split("__"):
        if name != "pk":
            here = here._meta.get_field(name).related_model
    return here  # type: ignore[no-any-return]


SUSPECT = {"name", "names", "address", "addresses", "phone", "telephone", "email", "mail", "ip", "agent"}
TEXT = (models.CharField, models.TextField)


def undeclared() -> list[str]:
    """Fields that are about people, or look like it, of models that declare nothing: "app.Model.field"."""
    wrong = []
    spreading = {model._meta.label for model, each in kinds() if each.spreads} | {_person, settings.AUTH_USER_MODEL}
    for model in models_there():
        if declared(model):
            continue
        for each in model._meta.local_fields:
            target = each.related_model._meta.label if each.related_model and not isinstance(each.related_model, str) else ""
            looks = isinstance(each, models.EmailField | models.GenericIPAddressField)
            looks = looks or (isinstance(each, TEXT) and bool(SUSPECT & set(each.name.split("_"))))
            if target in spreading or looks:
                wrong.append(f"{model._meta.label}.{each.name}")
    return wrong


def misdeclared() -> list[str]:
    """What a declaration names and the model does not have, and what is kept or emptied without saying why."""
    wrong = []
    for model in models_there():
        known = {each.name for each in model._meta.get_fields()} | {each.name for each in model._meta.local_fields}
        for each in declared(model):
            label = f"{model._meta.label}: {each.title if isinstance(each, Personal) else each.because}"
            if isinstance(each, Nobody):
                wrong += [f"{label}: {name}" for name in each.frozen if name not in known]
                continue
            wrong += [f"{label}: {name}" for name in (*each.emptied, *each.files, *each.frozen) if name not in known]
            wrong += [f"{label}: {name}" for name in each.exported if name not in known and not hasattr(model, name)]
            if not callable(each.of):
                people = {_person, settings.AUTH_USER_MODEL}
                wrong += [f"{label}: {path}" for path in each.of if leads_to(model, path)._meta.label not in people]
            if not each.exported:
                wrong.append(f"{label}: what does the person get?")
            if each.end != End.DELETED and not str(each.because):
                wrong.append(f"{label}: why?")
            if (each.end == End.EMPTIED) != bool(each.emptied):
                wrong.append(f"{label}: what is emptied?")
    return wrong
