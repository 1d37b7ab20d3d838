"""Who somebody is (Person) and how they sign in (User). A signature or a membership belongs to the Person."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.kinds import CONSENT_ITEMS, consent_choices
from core import access
from core.models import Record


class PersonQuerySet(models.QuerySet["Person"]):
    """Reading people."""

    def named_in_public(self) -> Self:
        """Those who agree, at this moment, that their name stands on public pages."""
        return self.filter(pk__in=Consent.objects.standing("public_name").values("person"))


class Person(Record):
    """Holds memberships and signatures; stays when the sign-in goes. Somebody may be a Person and never sign in."""

    name = models.CharField(_("name"), max_length=200)

    objects = PersonQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Sign-ins are found by e-mail address, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Without a password nobody signs in until one is set by a mailed link."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator of the site: Wagtail's admin and nothing of the domain."""
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

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(Lower("email"), name="one_sign_in_an_address")]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def ref(self) -> str:
        """What the audit chain remembers."""
        return self.person.ref if self.person else f"user:{self.pk}"

    def get_full_name(self) -> str:
        return self.person.name if self.person else self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """About an object there is one answer, for superusers too."""
        return super().has_perm(perm) if obj is None else access.holds(self, perm, obj)


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
    return dict(Person.objects.filter(ref__in=list(refs)).values_list("ref", "name"))


def signed_in_as(ref: str) -> User | None:
    """Who signs in as the person of this reference; nobody when the sign-in is closed."""
    return User.objects.filter(person__ref=ref, is_active=True).select_related("person").first()


def addresses_of(people: Iterable[Person | int]) -> list[str]:
    """The addresses that these people sign in with, for messages; people without a sign-in have none."""
    keys = [person.pk if isinstance(person, Person) else person for person in people]
    return list(User.objects.filter(person__in=keys, is_active=True).order_by("pk").values_list("email", flat=True))
