"""What can be imported at the desk: each app says so of its records when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.imports.faults import Tally
from core.imports.schema import Schema
from core.imports.translating import Known


@dataclass(frozen=True)
class Space:
    """Where records land: `key` is a public reference, "" for what has one place only; `url` is where they are seen."""

    key: str
    label: str
    url: str


def nothing_known(_source: str, _space: str) -> Known:
    """For imports that refer to nothing but what is in their own files."""
    return {}


@dataclass(frozen=True)
class Target:
    """One thing to import.

    `spaces(user)` are the places to which this person may import it today: the rule of every page. `land(result=, source=,
    space=, by=, dry_run=)` is the action that commands call, too, with the rule inside; it raises DryRun. `known(source,
    space)` are records that rows may refer to though no file has them.
    """

    name: str
    label: Any
    about: Any
    schema: Schema
    shipped: Path
    spaces: Callable[[Any], Iterable[Space]]
    land: Callable[..., list[Tally]]
    known: Callable[[str, str], Known] = nothing_known


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    """Called when an app is ready."""
    _targets[target.name] = target


def targets() -> list[Target]:
    """Everything that can be imported, in the order in which the apps are ready."""
    return list(_targets.values())


def target_of(name: str) -> Target:
    """Raises KeyError for a name that no app registered."""
    return _targets[name]
