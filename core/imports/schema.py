"""What can be imported: record kinds and their fields, as the caller hands them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, TypeAlias

Type = Literal["text", "integer", "number", "date", "year", "url", "email", "choice", "reference", "boolean"]
Scalar: TypeAlias = str | int | Decimal | date | bool
Value: TypeAlias = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True)
class Field:
    """One field of a record kind.

    `longest` is the greatest length in characters (0: no limit); `words` are other names by which columns are called,
    used only to suggest. A reference holds the key of a record of the kind `refers_to`. What `many` holds is a tuple.
    `choice_labels` are the choices for people, in their order; `hints` are pairs (choice, words that mean it), used only to
    suggest.
    """

    name: str
    type: Type = "text"
    required: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    longest: int = 0
    label: str = ""
    help: str = ""
    words: tuple[str, ...] = ()
    choice_labels: tuple[Any, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError(f"{self.name}: a choice needs choices, and nothing else has any")
        if (self.type == "reference") != bool(self.refers_to):
            raise ValueError(f"{self.name}: a reference says what it refers to, and nothing else does")
        if self.choice_labels and len(self.choice_labels) != len(self.choices):
            raise ValueError(f"{self.name}: every choice has a label, or none has")

    @property
    def title(self) -> str:
        return self.label or self.name.replace("_", " ")

    def labelled(self) -> list[tuple[str, str]]:
        """(choice, what people read)."""
        labels = self.choice_labels or tuple(choice.replace("_", " ") for choice in self.choices)
        return [(choice, str(label)) for choice, label in zip(self.choices, labels, strict=True)]


@dataclass(frozen=True)
class Kind:
    """A kind of record. `key` are the fields that tell one record from another; `names` are further fields by which
    other rows may mean it (a title instead of an id); `in_order` are pairs of fields of which the second is not before
    the first: a first and a last day. `tree` is a field that refers to another record of the same kind, above this one: no
    record is above itself, and none is deeper than `deepest` levels, its own counted."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("key",)
    names: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()
    label: str = ""
    help: str = ""
    words: tuple[str, ...] = ()
    tree: str = ""
    deepest: int = 0

    def __post_init__(self) -> None:
        if len(self.by_name) != len(self.fields):
            raise ValueError(f"{self.name}: a field is named twice")
        for name in (*self.key, *self.names, *(name for pair in self.in_order for name in pair)):
            if name not in self.by_name:
                raise ValueError(f"{self.name}: there is no field {name}")
        if self.tree and (self.tree not in self.by_name or self.by_name[self.tree].refers_to != self.name or not self.deepest):
            raise ValueError(f"{self.name}: a tree is a field that refers to {self.name}, and has a depth")
        if not self.key or any(self.by_name[name].many for name in self.key):
            raise ValueError(f"{self.name}: a key is at least one field that holds one value")
        if any(self.by_name[name].type == "reference" for name in self.key):
            raise ValueError(f"{self.name}: a key is read from its own row, so it is no reference")

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def title(self) -> str:
        return self.label or self.name.replace("_", " ")

    def called_by(self) -> tuple[str, ...]:
        """The fields that a reference is compared with unless a mapping says otherwise."""
        return (*self.key, *(name for name in self.names if name not in self.key))


@dataclass(frozen=True)
class Schema:
    """All kinds of one import. `name` tells mappings for this import from mappings for another."""

    kinds: tuple[Kind, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if len(self.by_name) != len(self.kinds):
            raise ValueError("a kind is named twice")
        for kind in self.kinds:
            for field in kind.fields:
                if field.refers_to and field.refers_to not in self.by_name:
                    raise ValueError(f"{kind.name}.{field.name} refers to {field.refers_to}, which is no kind")

    @cached_property
    def by_name(self) -> Mapping[str, Kind]:
        return {kind.name: kind for kind in self.kinds}
