"""What every app stands on: a record with a public reference, the audit chain and its head, messages, source ids."""

import secrets
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud and typed from paper


def new_ref() -> str:
    """Ten characters of ALPHABET, 49 bits: not to be guessed, though access never rests on that."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


class Record(models.Model):
    """Anything with a page of its own. `ref` is what URLs, mails and the audit chain say; the key never leaves."""

    ref = models.CharField(max_length=20, unique=True, default=new_ref, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Event(models.Model):
    """One line of the audit chain. No foreign key: it must outlive whom and what it names, and wait for no row."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    data = models.JSONField()
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject", "seq"], name="event_of_subject")]


class Head(models.Model):
    """The single row (pk 1) that every action ends on: the end of the chain and the age of the public pages."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="", blank=True)
    generation = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()


class Sequence(models.Model):
    """A row of numbers: each is given once, in order, and never again. Its row is the lock."""

    name = models.CharField(max_length=60, unique=True)
    value = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> Self:
        """What went to the address that this person signs in with."""
        return self.filter(to__iexact=user.email) if user.is_active else self.none()


class Message(Record):
    """A message to one address, written in the action that caused it and sent by a job after the commit."""

    key = models.CharField(max_length=200, unique=True)  # what it is about, to whom and when: never written twice
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    lines = models.JSONField()  # paragraphs, plain text
    link = models.CharField(max_length=500, blank=True)
    link_label = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=300)
    about = models.CharField(max_length=120, blank=True)  # "app.model:ref"
    attachment = models.CharField(max_length=200, blank=True)  # the name of a kept file
    attachment_name = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [models.Index(fields=["to", "-id"], name="message_of_address")]

    def __str__(self) -> str:
        return self.subject


class Run(models.Model):
    """A job of the clock was asked for, for one period: the row is what keeps two clocks from asking twice."""

    name = models.CharField(max_length=100)
    period = models.CharField(max_length=40)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="run_once_a_period", fields=["name", "period"])]


class ExternalIdQuerySet(models.QuerySet["ExternalId"]):
    def refs(self, source: str, kind: str) -> dict[str, str]:
        """key -> ref, of everything of one kind that came from one source."""
        return dict(self.filter(source=source, kind=kind).values_list("key", "target"))


class ExternalId(models.Model):
    """What a record is called elsewhere: a second import finds the record again by it."""

    source = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)  # "app.model"
    key = models.CharField(max_length=200)
    target = models.CharField(max_length=20)  # the ref

    objects = ExternalIdQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="external_id_once", fields=["source", "kind", "key"])]
        indexes = [models.Index(fields=["kind", "target"], name="external_id_of_target")]


class ImportMapping(Record):
    """A mapping file that was used with success: found again by the columns of the next file."""

    slug = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


def known(field: str, values: Any, name: str) -> models.CheckConstraint:
    """The constraint that a field holds one of these values."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": list(values)}))


def pair(first: str, second: str, name: str) -> models.CheckConstraint:
    """The constraint that two facts are both there or both absent."""
    together = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return models.CheckConstraint(
        name=name,
        condition=together | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        violation_error_message=_("Both facts belong together."),
    )
