"""What can be done with each kind of record, by whose permission and in which states: for the page and the document of roles.

The rules decide. This says the same as data, beside the states; tests confront the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

ANYWHERE = ""


@dataclass(frozen=True)
class Deed:
    """One thing that is done, after its rules. `perm` is what it takes: one permission, or one for each scope of access.reach().

    `states`: of the record, in which it can be done; None where the state does not matter. `besides`: what else has to be so.
    """

    rules: tuple[str, ...]
    label: Any
    perm: Mapping[str, str]
    states: frozenset[str] | None = None
    besides: Any = ""


@dataclass(frozen=True)
class Kind:
    """A kind of record with all that is done with it."""

    label: Any
    states: type[TextChoices] | None
    deeds: tuple[Deed, ...]


def deed(rules: str, label: Any, perm: str | Mapping[str, str], states: Any = None, besides: Any = "") -> Deed:
    """rules: names with blanks between. states: of the record, or None for any."""
    by_scope = {ANYWHERE: perm} if isinstance(perm, str) else dict(perm)
    return Deed(tuple(rules.split()), label, by_scope, None if states is None else frozenset(states), besides)


_kinds: list[Kind] = []


def register(kinds: tuple[Kind, ...]) -> None:
    """Called by an app's front page when it is ready."""
    _kinds.extend(kinds)


def all_kinds() -> list[Kind]:
    """Of every app, the highest first: what most people work on."""
    return list(_kinds)
