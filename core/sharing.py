"""Who sees a record, by name: the ways in which one reaches it, read from both ends, and whom it is shared with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from core import access, audit
from core.access import YES, Actor, Part, Reach, Share, Verdict, no


@dataclass(frozen=True)
class Way:
    """One way to records of a model: a `scope` of access.reach() holds the key at the end of `path`.

    The path leads from the record, or, with `rows`, from rows of another table that belong to it at the end of `to`. `part` says
    what somebody is who is there themselves, without a role anywhere.
    """

    scope: str
    path: str
    rows: Callable[[], QuerySet[Any]] | None = None
    to: str = "pk"
    part: Part | None = None

    def leads_to(self, keys: Any) -> Q:
        """The records that one reaches so, who holds these keys of the scope."""
        if self.rows is None:
            return Q(**{f"{self.path}__in": keys})
        return Q(pk__in=self.rows().order_by().filter(**{f"{self.path}__in": keys}).values(self.to))

    @property
    def leads_to_itself(self) -> bool:
        """The key is that of the record: it is shared with somebody."""
        return self.rows is None and self.path == "pk"

    def keys(self, obj: Model) -> set[int]:
        """The same from the other end: the keys of the scope by which this record is reached."""
        rows = type(obj)._base_manager.filter(pk=obj.pk) if self.rows is None else self.rows().filter(**{self.to: obj.pk})
        return set(rows.order_by().exclude(**{self.path: None}).values_list(self.path, flat=True))


class Reached:
    """How the records of a model are reached with `perm`, and with every other permission: all ways of it, and no other."""

    def __init__(self, perm: str, *ways: Way) -> None:
        self.perm, self.ways = perm, ways

    def by(self, reach: Reach) -> Q:
        """What somebody with this reach sees of the model. For visible_to()."""
        found = Q(pk__in=[])
        for way in self.ways:
            found |= way.leads_to(reach[way.scope])
        return found


@dataclass(frozen=True)
class Reader:
    """Somebody who sees a record today, and through what: a role somewhere, a part of their own, or a share.

    `place` is the public reference of where, if it has one; `scope` the kind of way; `shared` whether it is one by a share.
    """

    user: int
    name: str
    what: str
    where: str = ""
    scope: str = ""
    place: str = ""
    until: date | None = None
    shared: bool = False


_somebody: Callable[[str], Any] | None = None


def provide_people(find: Callable[[str], Any]) -> None:
    """Called once, at app ready, by the app that knows sign-ins: find(address) -> who can sign in with it, or None."""
    global _somebody
    _somebody = find


def somebody(email: str) -> Any:
    """Whom a record can be shared with by this address, or None."""
    assert _somebody is not None, "no app has called sharing.provide_people()"
    return _somebody(email)


Find = Callable[[str, Mapping[str, Iterable[int]], int | None], list[Reader]]
_find: Find | None = None


def provide_holders(find: Find) -> None:
    """Called once, at app ready, by the app that knows roles: find(perm, {scope: keys}, person) -> who holds perm there today and
    can sign in. `person` narrows it to one; for the scope "person" the keys are people."""
    global _find
    _find = find


def readers(obj: Any, perm: str = "", person: int | None = None) -> list[Reader]:
    """Everybody who sees obj by a role, by a part they take in it, or by a share of something it belongs to: those of whom
    visible_to() says so, but for the shares of obj itself. A constant number of queries. With `person`: as whom they see it."""
    reached: Reached = type(obj).reached
    assert _find is not None, "no app has called sharing.provide_holders()"
    perm, tables, straight = perm or reached.perm, access.share_tables(), _straight(obj, reached.ways)
    places: dict[str, set[int]] = {}
    others: list[Reader] = []
    for way in reached.ways:
        keys = straight.get(way) or way.keys
        if way.scope in tables:
            others += [] if way.leads_to_itself else _sharing(tables[way.scope], keys, obj, perm, person)
            continue
        found = keys(obj) if way.part is None or person is None else keys(obj) & {person}
        if way.part is None:
            places[way.scope] = places.get(way.scope, set()) | found
        elif found:
            others += [replace(reader, what=str(way.part.label)) for reader in _find(perm, {way.scope: found}, person)]
    return [*_find(perm, places, person), *others]


Keys = Callable[[Any], set[int]]


def _straight(obj: Any, ways: tuple[Way, ...]) -> dict[Way, Keys]:
    """The keys of all ways that lead from the record itself, in one query."""
    direct = [way for way in ways if way.rows is None and not way.leads_to_itself]
    rows = type(obj)._base_manager.filter(pk=obj.pk).values_list(*(way.path for way in direct)) if direct else []
    values = next(iter(rows), ())
    return {way: partial(_only, key) for way, key in zip(direct, values, strict=True)}


def _only(key: int | None, obj: Any) -> set[int]:
    return set() if key is None else {key}


def _sharing(table: type[Share], keys: Keys, obj: Any, perm: str, person: int | None) -> list[Reader]:
    """Who sees it because something that it belongs to, or that belongs to it, is shared with them."""
    rows = _live(table).filter(user__is_active=True)
    if perm not in table.part.perms or (person is not None and not (rows := rows.filter(user__person=person)).exists()):
        return []
    return [_as_reader(share) for share in rows.filter(content_object__in=keys(obj))]


def _live(table: type[Share]) -> QuerySet[Any]:
    app, codename = table.opens.split(".")
    kind = {"permission__codename": codename, "permission__content_type__app_label": app}
    rows = table._default_manager.filter(access.in_force(), **kind)
    return rows.select_related("user__person", "content_object", *table.named).order_by("since", "pk")


def _as_reader(share: Any) -> Reader:
    obj = share.content_object
    name, what = obj._meta.model_name, str(share.part.label)
    return Reader(share.user_id, str(share.user), what, str(obj), name, obj.ref, share.until, shared=True)


def standing(obj: Any, user: Any, *perms: str) -> list[Reader]:
    """As whom this person sees the record, or holds one of `perms` on it: each role and part once, with their share of it."""
    person = getattr(user, "person_id", None)
    if person is None or not user.is_active:
        return []
    found = [reader for perm in perms or ("",) for reader in readers(obj, perm, person)]
    own = [_as_reader(share) for share in _live(access.share_of(obj)).filter(content_object=obj, user=user)]
    return list(dict.fromkeys([*found, *own]))


def shares(obj: Model) -> list[Any]:
    """The shares of obj that count today, the oldest first, each with `given_by`: who gave it, by name."""
    found = list(_live(access.share_of(obj)).filter(content_object=obj))
    names = audit.names(share.by for share in found)
    for share in found:
        share.given_by = names.get(share.by, "")
    return found


@dataclass(frozen=True)
class Received:
    """What is shared with somebody: the record, since and until when."""

    obj: Any
    since: datetime
    until: date | None


def received(user: Any) -> list[Received]:
    """Everything that is shared with this person today and that they may open, the newest first. Two queries a table."""
    found = []
    for table in access.share_tables().values():
        rows = {share.content_object_id: share for share in _live(table).filter(user=user)} if user.is_active else {}
        model: Any = access.guarded(table)
        for obj in access.visible(model, user).filter(pk__in=rows) if rows else ():
            found.append(Received(obj, rows[obj.pk].since, rows[obj.pk].until))
    return sorted(found, key=lambda each: each.since, reverse=True)


_acting: Callable[[Any], list[tuple[str, str]]] | None = None


def provide_acting(find: Callable[[Any], list[tuple[str, str]]]) -> None:
    """Called once, at app ready, by the app that knows roles: find(user) -> (for whom, as what) somebody acts today."""
    global _acting
    _acting = find


def acting_for(user: Any) -> list[tuple[str, str]]:
    """(for whom, as what) of everything this person holds today, for the head of their desk."""
    return _acting(user) if _acting else []


def not_with_oneself(by: Actor, user: Any | None) -> Verdict:
    """What a role opens ends with the role: nobody keeps it by a share that they gave themselves."""
    own = user is not None and by.ref == user.ref
    return no(_("You see it by your role. Nobody shares with themselves: it would outlast the role.")) if own else YES
