"""@action: one transaction, and the audit chain as its last statement. lock(): rows in one order for everybody."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models, transaction

from core import audit
from core.models import Sequence
from core.once import asked_anew
from core.unit import Unit, opened

P = ParamSpec("P")
R = TypeVar("R")


def action(write: Callable[P, R]) -> Callable[P, R]:
    """The outermost action opens the transaction and ends it on the chain; one called inside it joins.

    An error in a joined action loses the whole, even where the caller swallows it: there is no half an action.
    """

    @wraps(write)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if opened.get() is not None:
            with transaction.atomic(savepoint=False):
                return write(*args, **kwargs)
        with asked_anew(), transaction.atomic(durable=True):
            token = opened.set(unit := Unit())
            try:
                result = write(*args, **kwargs)
                audit.close(unit)
            finally:
                opened.reset(token)
        return result

    run.is_action = True  # type: ignore[attr-defined]
    return run


def lock(*rows: models.Model) -> None:
    """Lock rows until the transaction ends and read them afresh, always in the same order whoever asks.

    no_key: a child row may still be added beside us. SQLite ignores it; there IMMEDIATE has locked already.
    """
    for row in sorted(rows, key=lambda row: (row._meta.label_lower, row.pk)):
        row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update(no_key=True))


def next_number(name: str) -> int:
    """The next number of a sequence, from 1. Its row stays locked until the action ends, so none is given twice."""
    Sequence.objects.get_or_create(name=name)
    row = Sequence.objects.select_for_update().get(name=name)
    row.value += 1
    row.save(update_fields=["value"])
    return row.value


def one_at_a_time(name: str) -> None:
    """Wait until nobody else works under this name, for minutes if it must be, and keep others waiting until the action ends.

    For jobs and commands: nobody may wait like that for a page. On SQLite IMMEDIATE has seen to it already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5min'; SET LOCAL statement_timeout = '6min'")
            Sequence.objects.get_or_create(name=name)
            Sequence.objects.select_for_update().get(name=name)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT; SET LOCAL statement_timeout TO DEFAULT")


def in_turn(model: type[models.Model]) -> None:
    """Wait for whoever changes how rows of this table hang together, before any row is locked; until the action ends nobody
    else does. The triggers of triggers.refuse_in_turn() wait at the same place. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [model._meta.db_table])


def store(row: models.Model, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set and save the fields that differ; {field: [before, after]} of those. States are moved by a Machine, never here."""
    if "state" in facts:
        raise ValueError("a state is moved by its Machine")
    changed = {name: [getattr(row, name), value] for name, value in facts.items() if getattr(row, name) != value}
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=[*changed, *(["changed"] if hasattr(row, "changed") else [])])
    return changed
