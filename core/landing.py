"""How imported records land in the tables: found again by source and key, added, changed, or left as they are."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.db import models

from core import audit
from core.access import Actor
from core.action import one_at_a_time
from core.imports import Tally
from core.models import ExternalId, Record
from core.unit import current

R = TypeVar("R", bound=Record)
BATCH = 500


def one_import_at_a_time() -> None:
    """First in every action that lands records: what it finds again by its name has to be there before it looks."""
    one_at_a_time("import")


class DryRun(Exception):
    """Raised at the end of an import that was only to be tried: the transaction goes, the tallies stay."""

    def __init__(self, tallies: list[Tally]) -> None:
        super().__init__("nothing was written")
        self.tallies = tallies


class Landing(Generic[R]):
    """One kind of record from one source. place() each, then settle(): a constant number of queries for any number.

    `source` is what people are told it came from; `space` is where its keys are kept apart from the same keys of others.
    `twin(facts)` finds a record that is the same thing but came another way, by its name, say; None if there is none.
    What somebody has filled in here is never emptied by an import: only what the files say is compared.
    """

    def __init__(
        self,
        source: str,
        model: type[R],
        tally: Tally,
        *,
        verb: str,
        by: Actor,
        twin: Callable[[Mapping[str, Any]], R | None],
        space: str = "",
    ) -> None:
        current()
        self.source, self.model, self.tally, self.verb, self.by, self.twin = source, model, tally, verb, by, twin
        self.space = f"{source}/{space}" if space else source
        self.kind = model._meta.label_lower
        refs = ExternalId.objects.refs(self.space, self.kind)
        rows = {row.ref: row for row in model._default_manager.filter(ref__in=set(refs.values()))}
        self.known: dict[str, R] = {key: rows[ref] for key, ref in refs.items() if ref in rows}
        self.added: dict[str, R] = {}
        self.linked: dict[str, R] = {}
        self.changed: dict[int, tuple[R, dict[str, list[Any]]]] = {}

    def __getitem__(self, key: str) -> R:
        """The record of a key, whether it was there or is new. Raises KeyError."""
        return self.known[key]

    def place(self, key: str, facts: Mapping[str, Any]) -> R:
        """Add, change or leave the record; the record."""
        row = self.known.get(key)
        if row is None:
            row = self.twin(facts)
            if row is None:
                row = self.model(**facts)
                self.added[key] = row
                self.known[key] = row
                self.tally.added += 1
                return row
            self.linked[key] = self.known[key] = row
        differs = {name: [getattr(row, name), value] for name, value in facts.items() if not _same(row, name, value)}
        if "state" in differs:
            raise ValueError("a state is moved by its Machine")
        for name, (_, value) in differs.items():
            setattr(row, name, value)
        if differs:
            self.tally.changed += 1
            if row.pk is not None:
                self.changed.setdefault(row.pk, (row, {}))[1].update(differs)
        else:
            self.tally.unchanged += 1
        return row

    def settle(self) -> None:
        """Write what was placed, the ids it came under, and a line of the chain for each record that is new or changed."""
        self.model._default_manager.bulk_create(self.added.values(), batch_size=BATCH)
        ids = {**self.added, **self.linked}
        ExternalId.objects.bulk_create(
            [ExternalId(source=self.space, kind=self.kind, key=key, target=row.ref) for key, row in ids.items()],
            batch_size=BATCH,
        )
        names = sorted({name for _row, differs in self.changed.values() for name in differs})
        if names:
            self.model._default_manager.bulk_update([row for row, _ in self.changed.values()], names, batch_size=BATCH)
        for row in self.added.values():
            audit.record(self.verb, row, by=self.by, source=self.source)
        for row, differs in self.changed.values():
            plain = {name: [_plain(before), _plain(after)] for name, (before, after) in differs.items()}
            audit.record(self.verb, row, by=self.by, source=self.source, changes=plain)


def _same(row: models.Model, name: str, value: Any) -> bool:
    """Whether a row has this value already. Of another record the key is compared: fetching it would ask once a row."""
    if isinstance(value, models.Model) and value.pk is not None:
        key: Any = getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]
        return bool(key == value.pk)
    return bool(getattr(row, name) == value)


def _plain(value: Any) -> Any:
    return getattr(value, "ref", str(value)) if isinstance(value, models.Model) else value
