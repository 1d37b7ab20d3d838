"""Who somebody is (Person) and how they sign in (User). A signature or a membership belongs to the Person."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts import kinds
from accounts.kinds import CONSENT_ITEMS, SignInState, consent_choices
from accounts.roles import SITE_ROLES, Role, site_role_choices
from core import access
from core.models import Record


class PersonQuerySet(models.QuerySet["Person"]):
    """Reading people."""

    def visible_to(self, user: "User", perm: str = "accounts.view_person") -> Self:
        """Who administers the site sees everybody; whom others see, partnerships says by the scope "person"."""
        reach = access.reach(user, perm)
        return self if reach["site"] else self.filter(pk__in=reach["person"])

    def search(self, words: str) -> Self:
        """Every word occurs in the name or in the address of the sign-in."""
        found = self
        for word in words.split()[:8]:
            address = User.objects.filter(person=OuterRef("pk"), email__icontains=word)
            found = found.filter(Q(name__icontains=word) | Exists(address))
        return found

    def with_address(self, email: str) -> Self:
        """Who signs in with it, whatever its capitals."""
        return self.filter(Exists(User.objects.filter(person=OuterRef("pk"), email__iexact=email)))

    def with_sign_in(self) -> Self:
        """Each with `email`, `last_login` and `sign_in_state`, a SignInState."""
        user = User.objects.filter(person=OuterRef("pk"))
        word = Case(
            When(is_active=False, then=Value(SignInState.DEACTIVATED)),
            When(password__startswith=UNUSABLE_PASSWORD_PREFIX, then=Value(SignInState.NO_PASSWORD)),
            default=Value(SignInState.OPEN),
            output_field=models.CharField(),
        )
        return self.annotate(
            email=Subquery(user.values("email")[:1]),
            last_login=Subquery(user.values("last_login")[:1]),
            sign_in_state=Coalesce(Subquery(user.annotate(word=word).values("word")[:1]), Value(SignInState.NONE)),
        )

    def named_in_public(self) -> Self:
        """Those who agree, at this moment, that their name stands on public pages, and are not sensitive: that goes before."""
        return self.filter(sensitive=False, pk__in=Consent.objects.standing("public_name").values("person"))

    def agreeing(self, item: str) -> Self:
        """Those who agree to an item at this moment."""
        return self.filter(pk__in=Consent.objects.standing(item).values("person"))

    def names_kept_back(self) -> list[str]:
        """The names that stand on no public page, whatever was agreed to."""
        return list(self.filter(sensitive=True).order_by("pk").values_list("name", flat=True))


class Person(Record):
    """Holds memberships and signatures; stays when the sign-in goes. Somebody may be a Person and never sign in."""

    name = models.CharField(_("name"), max_length=200)
    sensitive = models.BooleanField(_("sensitive"), default=False)  # named on no public page, whatever was agreed to
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()
    personal = kinds.PERSON

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_person", "Can see the person and their sign-in"),
            ("keep_sign_in", "Can deactivate and reactivate the sign-in"),
            ("change_address", "Can change the address of the sign-in"),
            ("shield_person", "Can keep the name off public pages"),
            ("answer_request", "Can hand out and erase what is kept of the person"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Of somebody erased the name is a word of the reader's language."""
        row = super().from_db(*args, **kwargs)
        if row.__dict__.get("erased_at") and "name" in row.__dict__:
            row.name = _t("Erased person")
        return row

    def sign_in(self) -> "User | None":
        """The one sign-in, deactivated or not; None for somebody who never had one."""
        return User.objects.filter(person=self).first()


class UserManager(BaseUserManager["User"]):
    """Sign-ins are found by e-mail address, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Without a password nobody signs in until one is set by a mailed link."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Wagtail's admin and nothing of the domain."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A sign-in and nothing else. Nothing of the domain points here but a Share, which ends with it."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    places: int = 0  # at how many organisations, programmes and sites they act today; read by signed_in_by()

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]
    personal = kinds.USER

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(Lower("email"), name="one_sign_in_an_address")]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def ref(self) -> str:
        """What the audit chain remembers."""
        return self.person.ref if self.person else f"user:{self.pk}"

    @property
    def state(self) -> SignInState:
        """Whether it opens, and if not, why not."""
        if not self.is_active:
            return SignInState.DEACTIVATED
        return SignInState.OPEN if self.has_usable_password() else SignInState.NO_PASSWORD

    @property
    def came_in(self) -> bool:
        """Whether somebody ever signed in here, or set a password: then they know the way."""
        return self.last_login is not None or self.has_usable_password()

    def get_full_name(self) -> str:
        return self.person.name if self.person else self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """About an object there is one answer, for superusers too."""
        return super().has_perm(perm) if obj is None else access.holds(self, perm, obj)


class LiveQuerySet(models.QuerySet[Any]):
    """Rows of people's roles: from `since` on, until the day before `until`."""

    def live(self) -> Self:
        """Begun, and not ended by today: `until` is the first day that no longer counts."""
        today = timezone.localdate()
        return self.filter(access.in_force(today), since__lte=today)

    def lasting(self) -> Self:
        """Not ended by today: those that count, and those that have yet to begin."""
        return self.filter(access.in_force())

    def overlapping(self, since: date, until: date | None) -> Self:
        """Those that count on a day from `since` to the day before `until`."""
        found = self.filter(Q(until=None) | Q(until__gt=since))
        return found if until is None else found.filter(since__lt=until)

    def giving(self, perm: str, roles: dict[str, Role]) -> Self:
        """Live rows whose role allows `perm`."""
        return self.live().filter(role__in=[role.slug for role in roles.values() if perm in role.perms])


class Held(models.Model):
    """A role that a person holds. `until` is the first day it no longer counts: set it to today and the next request is
    refused."""

    person: models.ForeignKey[Person, Person]
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        abstract = True

    def alike(self) -> LiveQuerySet:
        """The other rows of the same person in the same role at the same place."""
        raise NotImplementedError

    @property
    def ended(self) -> bool:
        return self.until is not None and self.until <= timezone.localdate()

    @property
    def counts(self) -> bool:
        """Begun, and not ended by today."""
        return self.since <= timezone.localdate() and not self.ended

    @property
    def days(self) -> str:
        """From when until when, for a sentence."""
        days = {"since": date_format(self.since, "j F Y"), "until": self.until and date_format(self.until, "j F Y")}
        return (_t("from %(since)s, until %(until)s") if self.until else _t("from %(since)s, without an end")) % days

    def why_not_from(self, since: date, until: date | None) -> tuple[str, str]:
        """(field, why it cannot count from `since` until `until`); ("", "") when it can. `until` as in the row.

        One that has ended does not count again: it is given anew, so that the person and the address are looked at.
        """
        if until is not None and until < since:
            return "until", _t("It cannot end before it begins.")
        if self.ended and (until is None or until > timezone.localdate()):
            return "until", _t("This role has ended. Correct the day it ended, or give the role anew.")
        return "", ""


class SiteRole(Held):
    """Who administers the whole site."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=site_role_choices)
    personal = kinds.SITE_ROLE

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["person", "until"], name="site_role_live")]
        constraints = [models.UniqueConstraint(name="site_role_stands_once", fields=["person", "role"], condition=Q(until=None))]

    @property
    def role_label(self) -> str:
        return str(SITE_ROLES[self.role].label)

    def alike(self) -> LiveQuerySet:
        return SiteRole.objects.filter(person=self.person_id, role=self.role).exclude(pk=self.pk)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Reading consents."""

    def standing(self, item: str) -> Self:
        return self.filter(item=item, withdrawn_at=None)


class Consent(models.Model):
    """One agreement by one person to one item, with the text it was given to. Taken back, it stays as history."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    item = models.CharField(max_length=30, choices=consent_choices)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()
    personal = kinds.CONSENT

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="consent_stands_once", fields=["person", "item"], condition=Q(withdrawn_at=None))
        ]

    @property
    def label(self) -> str:
        return str(CONSENT_ITEMS[self.item].label)


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """For the timeline: {person's ref: printed name}, in one query."""
    rows = Person.objects.filter(ref__in=list(refs)).values_list("ref", "name", "erased_at")
    return {ref: _t("Erased person") if erased else name for ref, name, erased in rows}


def refs_named(words: str) -> list[str]:
    """References of those in whose name every word occurs, in one query; of very many, the first."""
    found = Person.objects.all()
    for word in words.split()[:8]:
        found = found.filter(name__icontains=word)
    return list(found.order_by("name").values_list("ref", flat=True)[:500])


def signed_in_as(ref: str) -> User | None:
    """Who signs in as the person of this reference; nobody when the sign-in is closed."""
    return User.objects.filter(person__ref=ref, is_active=True).select_related("person").first()


_places: Callable[[], Any] | None = None


def provide_places(places: Callable[[], Any]) -> None:
    """Called once, at app ready, by the app that knows roles: an expression that counts, for a row of User, where they act."""
    global _places
    _places = places


def signed_in_by(key: int) -> User | None:
    """The sign-in of a session, with `places`, in one query."""
    rows = User.objects.annotate(**{"places": _places()}) if _places else User.objects.all()
    return rows.filter(pk=key).first()


def addresses_of(people: Iterable[Person | int]) -> list[str]:
    """The addresses that these people sign in with, for messages; people without a sign-in have none."""
    keys = [person.pk if isinstance(person, Person) else person for person in people]
    return list(User.objects.filter(person__in=keys, is_active=True).order_by("pk").values_list("email", flat=True))


def signs_in_with(email: str) -> User | None:
    """Somebody of the register who can sign in with this address."""
    users = User.objects.filter(email__iexact=email, is_active=True, person__isnull=False).select_related("person")
    return users.first()


def folded(email: str) -> str:
    """The same for all that find the same sign-in: PostgreSQL compares capitals, and the dotless "ı" has that of "i"."""
    return unicodedata.normalize("NFKC", email).upper().casefold()


def exactly_at(email: str) -> User | None:
    """Who signs in with this address, for a provider that vouches for it: letters count, capitals of a to z alone do not.

    The database finds more alike than that ("ſ" for "s", the Kelvin sign for "k"), and those are other people's addresses.
    """
    for user in User.objects.filter(email__iexact=email, is_active=True).select_related("person"):
        if user.email.translate(_SMALL) == email.translate(_SMALL):
            return user
    return None


_SMALL = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
