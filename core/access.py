"""Who sees what, and who may: the only door to django-guardian. Models ask reach(), rules ask holds()."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.models import UserObjectPermissionBase

from core.once import once


class Actor(Protocol):
    """Who does something: a signed-in user or the house. `ref` is what the audit chain remembers."""

    @property
    def ref(self) -> str: ...

    @property
    def is_active(self) -> bool: ...


@dataclass(frozen=True)
class House:
    """Nobody signed in: the clock, the operator's command line, a job that ends what a person began."""

    ref: str = "house"
    is_active: bool = False


HOUSE = House()


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with one plain sentence for the person who asked."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)
Rule = Callable[..., Verdict]
View = Callable[..., Any]
Decorator = Callable[[View], View]


def no(reason: str) -> Verdict:
    """The refusal with its one plain sentence."""
    return Verdict(False, reason)


def require(rule: Rule, by: Actor, *objects: object) -> None:
    """Raises PermissionDenied with the reason when the rule says no."""
    verdict = rule(by, *objects)
    if not verdict:
        raise PermissionDenied(verdict.reason)


# What somebody reaches: scopes from live rows, and shares.

Scopes = Mapping[str, list[int]]  # in what reach() gives, the names of share_tables() as well: keys that are not fetched
_scopes: Callable[[Any, str], Scopes] | None = None


def provide(scopes: Callable[[Any, str], Scopes]) -> None:
    """Called once, at app ready, by the app that knows memberships.

    scopes(user, perm) -> {"scope name": keys where user holds perm today}, read from live rows.
    """
    global _scopes
    _scopes = scopes


_finder: Callable[[str], Any] | None = None


def provide_actors(find: Callable[[str], Any]) -> None:
    """Called once, at app ready, by the app that knows sign-ins: find(ref) -> who signs in under it, or None."""
    global _finder
    _finder = find


def actor(ref: str) -> Actor | None:
    """Who asked for a job, as they are today: None when they cannot sign in any more."""
    assert _finder is not None, "no app has called access.provide_actors()"
    found: Actor | None = _finder(ref)
    return found


class Part(Protocol):
    """What somebody is by a share: in words, and what it opens."""

    @property
    def label(self) -> Any: ...

    @property
    def sentence(self) -> Any: ...

    @property
    def perms(self) -> frozenset[str]: ...


class Share(UserObjectPermissionBase):
    """One object shared with one sign-in, revocable. A guarded model has one concrete subclass with `content_object`.

    `opens` is the permission that its rows carry, `part` what that makes of somebody: which permissions it gives, on the object
    and on what belongs to it.
    """

    part: ClassVar[Part]
    opens: ClassVar[str]
    named: ClassVar[tuple[str, ...]] = ()  # what str() of the object reads beside it, for select_related

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=40)
    until = models.DateField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


@dataclass(frozen=True)
class Reach:
    """Keys, already fetched: `x__in=[1, 2]` is fast where a join through memberships is not, and `[]` asks nothing."""

    scopes: Scopes = field(default_factory=dict)
    shared: list[int] = field(default_factory=list)

    def __getitem__(self, scope: str) -> list[int]:
        return self.scopes.get(scope, [])


def in_force(today: date | None = None) -> models.Q:
    """Rows with `until` that still count: `until` is the first day that no longer does."""
    return models.Q(until=None) | models.Q(until__gt=today or timezone.localdate())


def _scopes_of(user: Any, perm: str) -> Scopes:
    assert _scopes is not None, "no app has called access.provide()"
    ask = _scopes
    return once(("scopes", user.pk, perm), lambda: ask(user, perm))


def reach(user: Any, perm: str, share: type[Share] | None = None) -> Reach:
    """What `user` reaches with `perm` ("app.codename") at this moment. A superuser is nobody special here."""
    if not user.is_active:  # nor is an anonymous one
        return Reach()
    scopes = {**_scopes_of(user, perm), **{name: shared(user, each) for name, each in _shares(perm)}}
    if share is None:
        return Reach(scopes)
    app, codename = perm.split(".")
    shares = share._default_manager.filter(
        in_force(), user=user, permission__codename=codename, permission__content_type__app_label=app
    )
    keys = once(("shares", share, user.pk, perm), lambda: list(shares.values_list("content_object_id", flat=True)))
    return Reach({**scopes, _guarded(share): keys}, keys)


def shared(user: Any, share: type[Share]) -> Any:
    """Keys of the objects that are shared with `user` today, not fetched: a part of the query that they narrow."""
    app, codename = share.opens.split(".")
    rows = share._default_manager.filter(
        in_force(), user=user, permission__codename=codename, permission__content_type__app_label=app
    )
    return rows.values_list("content_object_id", flat=True)


def share_tables() -> dict[str, type[Share]]:
    """Name of the guarded model -> the table of its shares. The name is a scope of reach() as well."""
    return {_guarded(share): share for share in Share.__subclasses__()}


def guarded(share: Any) -> Any:
    """The model whose objects are shared by this table."""
    return share._meta.get_field("content_object").related_model


def _guarded(share: type[Share]) -> str:
    return str(guarded(share)._meta.model_name)


def _shares(perm: str) -> list[tuple[str, type[Share]]]:
    return [(name, share) for name, share in share_tables().items() if perm in share.part.perms]


def holds(by: Any, perm: str, obj: Any) -> bool:
    """Defined as: obj is in the visible set for this permission. So a list and a page cannot disagree."""
    return by is HOUSE or visible(type(obj), by, perm).filter(pk=obj.pk).exists()


def visible(model: type[models.Model], user: Any, *perm: str) -> models.QuerySet[Any]:
    """What `user` sees of a model: the one door for pages, lists, reports, inbox and panels."""
    return model._default_manager.visible_to(user, *perm)  # type: ignore[attr-defined,no-any-return]


def published(model: type[models.Model]) -> models.QuerySet[Any]:
    """What everybody may see of a model, signed in or not."""
    return model._default_manager.published()  # type: ignore[attr-defined,no-any-return]


Changes = dict[str, list[Any]]


def share(obj: models.Model, user: Any, perm: str, *, by: Actor, until: date | None = None) -> Changes:
    """Share obj, or change until when it is shared; {field: [before, after]} of the share."""
    app, codename = perm.split(".")
    permission = Permission.objects.get(content_type__app_label=app, codename=codename)
    row = {"user": user, "permission": permission, "content_object": obj}
    before = share_of(obj)._default_manager.filter(**row).values("until").first()
    share_of(obj)._default_manager.update_or_create(**row, defaults={"by": by.ref, "until": until})
    changes: Changes = {"shared": [before is not None, True], "until": [before and before["until"], until]}
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def unshare(obj: models.Model, user: Any) -> Changes:
    """End every share of obj with this sign-in; {field: [before, after]} of the last."""
    shares = share_of(obj)._default_manager.filter(user=user, content_object=obj)
    before = shares.order_by("pk").values("until").last()
    shares.delete()
    changes: Changes = {"shared": [before is not None, False], "until": [before and before["until"], None]}
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def share_of(obj: models.Model) -> type[Share]:
    """The table of the shares of objects like this."""
    assert obj._meta.model_name is not None
    return share_tables()[obj._meta.model_name]


# Pages: the view is handed what it may see, and nothing else.

_prove: Callable[..., Any] | None = None


def provide_fresh(prove: Callable[..., Any]) -> None:
    """Called once, at app ready, by the app that knows sign-ins: prove(request, by_step=...) -> None when who asks has shown
    lately who they are, else the answer that asks them to."""
    global _prove
    _prove = prove


REF = Parameter("ref", Parameter.POSITIONAL_OR_KEYWORD, annotation=str)
Fetch = Callable[[HttpRequest, dict[str, Any]], list[Any]]


def page(
    rule: Rule, model: type[models.Model] | None = None, *, methods: Iterable[str] = ("GET",), fresh: bool | str = False
) -> Decorator:
    """A page about one object: the route gives `ref`, the view gets the object. Without a model: about none.

    Not yours to see: 404. A verb it does not take: 405. Yours to see but not to do: 403 with the reason. `fresh`: what is done
    here cannot be undone, so whoever does it has shown lately who they are; "POST" where many read the page and few act on it,
    "step" where a password is not enough.
    """

    def fetch(request: HttpRequest, route: dict[str, Any]) -> list[Any]:
        return [_one(visible(model, request.user), route)] if model else []

    takes, gives = ([REF], 1) if model else ([], 0)
    return _guard(rule, fetch, rule_sees_it=True, takes=takes, gives=gives, methods=methods, fresh=fresh)


def listing(rule: Rule, model: type[models.Model], *, methods: Iterable[str] = ("GET",)) -> Decorator:
    """A page about many: the view gets the QuerySet of what this person sees."""

    def fetch(request: HttpRequest, route: dict[str, Any]) -> list[Any]:
        return [visible(model, request.user)]

    return _guard(rule, fetch, rule_sees_it=False, takes=[], gives=1, methods=methods)


def public_page(model: type[models.Model]) -> Decorator:
    """A page for everybody about one published object. What is not published gives the same 404 as what is not there."""

    def fetch(request: HttpRequest, route: dict[str, Any]) -> list[Any]:
        return [_one(published(model), route)]

    guard = _guard(anyone, fetch, rule_sees_it=False, takes=[REF], gives=1, methods=("GET",))
    return lambda view: login_not_required(guard(view))


def public_listing(model: type[models.Model]) -> Decorator:
    """A page for everybody about many: the view gets what is published."""

    def fetch(request: HttpRequest, route: dict[str, Any]) -> list[Any]:
        return [published(model)]

    guard = _guard(anyone, fetch, rule_sees_it=False, takes=[], gives=1, methods=("GET",))
    return lambda view: login_not_required(guard(view))


def _one(rows: models.QuerySet[Any], route: dict[str, Any]) -> Any:
    """By ref, or the same 404 for what is absent and for what may not be seen."""
    ref = route.pop("ref")
    found = rows.filter(ref=ref).first() if "\x00" not in ref else None  # PostgreSQL refuses a NUL where SQLite finds nothing
    if found is None:
        raise Http404
    return found


def _guard(
    rule: Rule,
    fetch: Fetch,
    *,
    rule_sees_it: bool,
    takes: list[Parameter],
    gives: int,
    methods: Iterable[str],
    fresh: bool | str = False,
) -> Decorator:
    allowed = [*methods, *(["HEAD"] if "GET" in methods else [])]

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, **route: Any) -> Any:
            found = fetch(request, route)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            user: Any = request.user
            require(rule, user, *(found if rule_sees_it else []))
            if fresh in (True, "step", request.method):
                assert _prove is not None, "no app has called access.provide_fresh()"
                if (first := _prove(request, by_step=fresh == "step")) is not None:
                    return first
            return view(request, *found, **route)

        # django-ninja reads signatures: it is to see `ref` where the view takes the object.
        request, *rest = signature(view).parameters.values()
        inner.__signature__ = signature(view).replace(parameters=[request, *takes, *rest[gives:]])  # type: ignore[attr-defined]
        inner.guarded_by = rule  # type: ignore[attr-defined]
        inner.fresh = fresh  # type: ignore[attr-defined]
        return inner

    return decorate


def anyone(user: Any) -> Verdict:
    """The rule of a public page."""
    return YES


def signed_in(user: Any) -> Verdict:
    """The rule of a page that shows each person their own."""
    return YES if user.is_authenticated else no(_("Sign in first."))
