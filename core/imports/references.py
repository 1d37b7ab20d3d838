"""Finding the records that other records refer to, by key or by name, and making those that a mapping wants made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.imports.mapping import Link, Spec
from core.imports.results import Draft, Ledger, Pending, merge
from core.imports.rows import Line
from core.imports.schema import Kind, Schema
from core.imports.words import loose, tidy

# The key of a record for a text, and the record if it was not there yet.
Make = Callable[[Kind, tuple[Spec, ...], Line, str], tuple[str, Draft | None]]


@dataclass
class Index:
    """Keys of one kind by what one of its fields says, exactly and loosely."""

    field: str
    exact: dict[str, dict[str, None]] = dataclasses.field(default_factory=dict)
    loosely: dict[str, dict[str, None]] = dataclasses.field(default_factory=dict)

    def add(self, draft: Draft) -> None:
        value = draft.values.get(self.field)
        for each in value if isinstance(value, dict | tuple | list) else (value,):
            text = tidy(str(each)) if each is not None else ""
            if text:
                self.exact.setdefault(text, {})[draft.key] = None
            if plain := loose(text):
                self.loosely.setdefault(plain, {})[draft.key] = None


@dataclass
class Resolver:
    """Resolves the references of all drafts. `make` makes a record from a row, for links that say so."""

    schema: Schema
    drafts: dict[str, dict[str, Draft]]
    known: dict[str, dict[str, Draft]]
    ledger: Ledger
    make: Make
    indexes: dict[tuple[str, str], Index] = dataclasses.field(default_factory=dict)
    # What was made for which item: its name may be compared with other fields than those that were filled.
    made: dict[tuple[str, tuple[str, ...]], str] = dataclasses.field(default_factory=dict)

    def index(self, kind: str, name: str) -> Index:
        if (kind, name) not in self.indexes:
            index = self.indexes[kind, name] = Index(name)
            for draft in (*self.known[kind].values(), *self.drafts[kind].values()):
                index.add(draft)
        return self.indexes[kind, name]

    def find(self, kind: str, link: Link, text: str) -> list[str]:
        """The keys that a text means: none, one, or several if it is ambiguous. What the files have comes before what is
        known: the same thing may stand on record under another key."""
        found = self.named(kind, link, text)
        own = [key for key in found if key in self.drafts[kind]]
        return own or found

    def named(self, kind: str, link: Link, text: str) -> list[str]:
        if len(self.schema.by_name[kind].key) > 1 and (tidy(text) in self.drafts[kind] or tidy(text) in self.known[kind]):
            return [tidy(text)]
        for name in link.against:
            if found := self.index(kind, name).exact.get(tidy(text)):
                return list(found)
        plain = "" if link.exact else loose(text)
        for name in link.against if plain else ():
            if found := self.index(kind, name).loosely.get(plain):
                return list(found)
        return []

    def said(self, kind: str, key: str) -> Mapping[str, object]:
        """What is known of a record: from the files, else from before."""
        found = self.drafts[kind].get(key) or self.known[kind][key]
        return found.values

    def resolve_all(self) -> None:
        """In this order: what makes records, so that the others find them; then what needs nothing else; then what chooses
        by looking at another reference."""
        drafts = [draft for kind in self.drafts.values() for draft in kind.values()]
        for draft, pending in everything(drafts):
            if pending.spec.link and pending.spec.link.create:
                for item in pending.items:
                    self.provide(draft, pending, item)
        drafts = [draft for kind in self.drafts.values() for draft in kind.values()]
        for agreeing in (False, True):
            for draft, pending in everything(drafts):
                if pending.spec.link and bool(pending.spec.link.agree) == agreeing:
                    self.resolve(draft, pending, pending.spec.link)

    def provide(self, draft: Draft, pending: Pending, item: tuple[str, ...]) -> None:
        """Make the record that an item names, if there is none."""
        link, target = pending.spec.link, self.schema.by_name[pending.spec.field.refers_to]
        if link is None or (target.name, item) in self.made or any(self.find(target.name, link, text) for text in item):
            return
        key, made = self.make(target, link.create, pending.line, item[0])
        if key:
            self.made[target.name, item] = key
        if made is None:
            return
        for (kind, _name), index in self.indexes.items():
            if kind == target.name:
                index.add(made)
        sentence = _("“%(value)s” is in none of the tables; an entry in %(kind)s was made from this row.")
        self.tell(draft, pending, item[0], sentence % {"value": item[0], "kind": target.title}, "created", blame=False)

    def tell(self, draft: Draft, pending: Pending, value: str, sentence: str, code: str, *, blame: bool = True) -> None:
        """A note of a reference; with `blame`, it is what to point at if the record is refused for the field."""
        where = (pending.line.table.name, pending.line.number)
        number = self.ledger.add(where, pending.spec.label, value, sentence, code, draft.kind.name)
        if blame:
            draft.faults.setdefault(pending.spec.field.name, []).append(number)

    def resolve(self, draft: Draft, pending: Pending, link: Link) -> None:
        name, target = pending.spec.field.name, self.schema.by_name[pending.spec.field.refers_to]
        keys: dict[str, None] = {}
        for item in pending.items:
            if key := self.choose(draft, pending, item, link, target):
                keys[key] = None
            elif link.absent == "refuse" and not draft.refused:
                self.ledger.refuse(draft, name, "", "reference-absent")
        if not keys:
            return
        if pending.spec.field.many:
            merge(draft, tuple(keys), pending.line, pending.spec, self.ledger)
            return
        merge(draft, self.single(draft, pending, link, list(keys), target), pending.line, pending.spec, self.ledger)

    def choose(self, draft: Draft, pending: Pending, item: tuple[str, ...], link: Link, target: Kind) -> str:
        """The key of the one record that an item names, or "" with a note. The alternatives are tried in turn; that a later
        one means another record is worth a note."""
        chosen = ""
        for text in item:
            found = self.find(target.name, link, text)
            if chosen and found and chosen not in found:
                sentence = _("“%(other)s” is “%(found)s” in %(kind)s, but “%(value)s” is another; the latter is kept.")
                words = {"value": item[0], "other": text, "found": found[0], "kind": target.title}
                self.tell(draft, pending, pending.raw, sentence % words, "reference-doubtful", blame=False)
            if len(found) == 1:
                chosen = chosen or found[0]
            elif found and not chosen and text == item[-1]:
                sentence = _("“%(value)s” may be any of these in %(kind)s: %(found)s.")
                words = {"value": text, "kind": target.title, "found": ", ".join(found[:5])}
                self.tell(draft, pending, text, sentence % words, "reference-ambiguous")
                return ""
        chosen = chosen or self.made.get((target.name, item), "")
        if not chosen:
            sentence = _("“%(value)s” leads nowhere: there is no such entry in %(kind)s.")
            self.tell(draft, pending, item[0], sentence % {"value": item[0], "kind": target.title}, "reference-absent")
        return chosen

    def single(self, draft: Draft, pending: Pending, link: Link, keys: list[str], target: Kind) -> str:
        """One of several records: the one that agrees, the first or the last."""
        if len(keys) > 1 and link.agree:
            own, theirs = link.agree
            wanted = draft.values.get(own)
            agreeing = [key for key in keys if wanted and self.said(target.name, key).get(theirs) == wanted]
            if len(agreeing) == 1:
                return agreeing[0]
            keys = agreeing or keys
        if len(keys) > 1 and not pending.spec.take:
            sentence = _("This names several entries in %(kind)s and only one fits; “%(kept)s” is kept.")
            words = {"kind": target.title, "kept": keys[0]}
            self.tell(draft, pending, pending.raw, sentence % words, "several", blame=False)
        return keys[-1] if pending.spec.take == "last" else keys[0]


def everything(drafts: Iterable[Draft]) -> list[tuple[Draft, Pending]]:
    return [(draft, pending) for draft in drafts for found in draft.links.values() for pending in found.values()]
