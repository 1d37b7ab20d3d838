"""A state machine as data: the moves are listed, and only Machine.apply() makes one."""

from dataclasses import dataclass
from typing import Any

from core import audit
from core.access import Actor
from core.action import lock
from core.models import Record


class WrongState(Exception):
    """The move does not start from the state the row is in, read under its lock."""


@dataclass(frozen=True)
class Move:
    """From any of `source` to `target`; `event` is the verb that the chain remembers."""

    name: str
    source: frozenset[str]
    target: str
    event: str


class Machine:
    """The moves of one state field. `bulky`: fields of megabytes, of which the chain does not keep what was before and after."""

    def __init__(self, field: str, *moves: Move, bulky: frozenset[str] = frozenset()) -> None:
        self.field, self.moves, self.bulky = field, {move.name: move for move in moves}, bulky

    def can(self, name: str, obj: Record) -> bool:
        """Whether the move starts from the state that obj was read in."""
        return getattr(obj, self.field) in self.moves[name].source

    def apply(self, name: str, obj: Record, *, by: Actor, note: dict[str, Any] | None = None, **facts: Any) -> None:
        """Lock, check, move, store the facts that come with the move, record with `note`. Raises WrongState."""
        move = self.moves[name]
        lock(obj)
        old = getattr(obj, self.field)
        if old not in move.source:
            raise WrongState(f"{name}: {old} is not one of {sorted(move.source)}")
        changes = {}
        for field, value in {self.field: move.target, **facts}.items():
            if field not in self.bulky and getattr(obj, field) != value:
                changes[field] = [getattr(obj, field), value]
            setattr(obj, field, value)
        obj.save(update_fields=[self.field, "changed", *facts])
        audit.record(move.event, obj, by=by, old=old, new=move.target, changes=changes, **(note or {}))
