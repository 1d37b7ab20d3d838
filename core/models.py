"""What every app stands on: a record with a public reference, the audit chain and its head, messages, source ids."""

import json
import secrets
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Min, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import kinds
from core.imports.faults import Tally
from core.imports.outline import Outline
from core.imports.targets import Target, target_of, targets
from core.kinds import IMPORT_KEPT, TONES, ImportState

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud and typed from paper


def new_ref() -> str:
    """Ten characters of ALPHABET, 49 bits: not to be guessed, though access never rests on that."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


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


class Record(models.Model):
    """Anything with a page of its own. `ref` is what URLs, mails and the audit chain say; the key never leaves."""

    ref = models.CharField(max_length=20, unique=True, default=new_ref, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class EventQuerySet(models.QuerySet["Event"]):
    """Reading events. `opens`, where it is asked for, is what core.log.readable() says of each."""

    def about(self, text: str) -> Self:
        """Of the record with this number or reference, or a part of it."""
        return self.filter(subject__icontains=text.strip())

    def saying(self, words: str) -> Self:
        """Every word occurs in what was recorded. Of a record that the reader may not open, only the kind of change is searched:
        anything more would be given away by what is found."""
        found = self.annotate(text=Cast("data", models.TextField()))
        for word in words.split()[:8]:
            escaped = json.dumps(word)[1:-1]  # as SQLite has letters beyond ASCII
            told = Q(opens=True) & (Q(text__icontains=word) | Q(text__icontains=escaped))
            found = found.filter(told | Q(verb__icontains=word))
        return found


class Event(models.Model):
    """One line of the audit chain. No foreign key: it must outlive whom and what it names, and wait for no row.

    Each key is in `data` with a salt, or in `gone` with the digest of what was erased (core.audit)."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    data = models.JSONField()
    salts = models.JSONField(default=dict)
    gone = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    personal = kinds.EVENT
    objects = EventQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("read_log", "Can read the log")]
        indexes = [models.Index(fields=["subject", "seq"], name="event_of_subject")]


class Head(models.Model):
    """The single row (pk 1) that every action ends on: the end of the chain and the age of the public pages."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="", blank=True)
    generation = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name = _("audit chain")


class AnchorQuerySet(models.QuerySet["Anchor"]):
    """Reading anchors."""

    def published(self) -> Self:
        """All of them, the newest first: they say nothing but that the chain was so long."""
        return self.order_by("-day")

    def ends(self) -> list[tuple[int, str]]:
        """(number, hash) of each, the oldest first."""
        return list(self.order_by("seq", "day").values_list("seq", "hash"))


class Anchor(models.Model):
    """Where the chain ended on one day. What was published and mailed is what vouches; the row is a copy of that."""

    day = models.DateField(unique=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = AnchorQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Sequence(models.Model):
    """A row of numbers: each is given once, in order, and never again. Its row is the lock."""

    name = models.CharField(max_length=60, unique=True)
    value = models.BigIntegerField(default=0)
    personal = kinds.SEQUENCE

    class Meta:
        default_permissions = ()


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> Self:
        """What went to the address that this person signs in with."""
        return self.filter(to__iexact=user.email) if user.is_active else self.none()

    def to_be_read(self) -> Self:
        """Without what comes every day and is to be kept, not read."""
        return self.exclude(about__startswith="core.anchor:")


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

    personal = kinds.MESSAGE
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
    personal = kinds.RUN

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

    personal = kinds.EXTERNAL_ID
    objects = ExternalIdQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="external_id_once", fields=["source", "kind", "key"])]
        indexes = [models.Index(fields=["kind", "target"], name="external_id_of_target")]


class ImportMapping(Record):
    """A mapping file that was used with success: found again by the columns of the next file.

    `belongs` says to whom: what was made at the desk to one space or person, whose lists it names; "" is for everybody.
    """

    slug = models.CharField(max_length=100)
    belongs = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=200)
    text = models.TextField()
    personal = kinds.IMPORT_MAPPING

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="import_mapping_once", fields=["slug", "belongs"])]

    def __str__(self) -> str:
        return self.title


class ImportQuerySet(models.QuerySet["Import"]):
    """Reading imports."""

    def visible_to(self, user: Any, perm: str = "") -> Self:
        """Those of the spaces to which this person may import today; where there is one space for all, their own."""
        if not user.is_active:
            return self.none()
        seen = Q(pk__in=[])
        for target in targets():
            keys = [space.key for space in target.spaces(user)]
            seen |= Q(target=target.name, space__in=[key for key in keys if key])
            if "" in keys:
                seen |= Q(target=target.name, space="", owner=user.ref)
        return self.filter(seen)

    def light(self) -> Self:
        """Without what only its own pages need, which may be megabytes."""
        return self.defer("tables", "mapping")

    def open(self) -> Self:
        """Neither imported nor discarded."""
        return self.exclude(state__in=[ImportState.APPLIED, ImportState.DISCARDED])

    def abandoned(self, today: date) -> Self:
        """Open, not being imported at this moment, and touched by nobody for longer than they are kept."""
        untouched = self.open().exclude(state=ImportState.APPLYING)
        return untouched.filter(changed__date__lt=today - IMPORT_KEPT).order_by("pk")

    def needing(self, file: str) -> Self:
        """Those for which a kept file of this name has to stay: the same content twice is one file."""
        return self.exclude(state=ImportState.DISCARDED).filter(files__icontains=file)


class Import(Record):
    """Files that somebody brought, how they are to be read, and what has come of it.

    `owner`, `asked_by` and `applied_by` are people's references; `turn` grows with every change of files or mapping, so that
    nobody decides on what they have not seen. Shapes: files [{name, file, sha256, size}], tables as core.imports.outline has
    them, result {tallies: [[kind, added, changed, unchanged, refused]], first: {kind: [[table, row, {field: value}]]},
    unused, refused, note}.
    """

    target = models.CharField(max_length=40)
    space = models.CharField(max_length=20, blank=True)
    owner = models.CharField(max_length=40)
    title = models.CharField(_("name of the list"), max_length=200)
    files = models.JSONField(default=list)
    tables = models.JSONField(default=list)
    mapping = models.TextField(blank=True)
    origin = models.CharField(max_length=20, blank=True)
    turn = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.UPLOADED)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=40, null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    problem = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=40, null=True, blank=True)

    personal = kinds.IMPORT
    objects = ImportQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target", "space", "-id"], name="import_of_space"),
            models.Index(fields=["owner", "-id"], name="import_of_owner"),
        ]
        constraints = [
            known("state", ImportState.values, "import_state_known"),
            pair("asked_at", "asked_by", "import_asked_by_somebody"),
            pair("applied_at", "applied_by", "import_applied_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> Target:
        """What is imported. Raises KeyError if no app imports that any more."""
        return target_of(self.target)

    @property
    def belongs(self) -> str:
        """Whose mappings it uses and leaves behind."""
        return self.space or self.owner

    @property
    def outlines(self) -> list[Outline]:
        return [Outline.load(table) for table in self.tables]

    @property
    def working(self) -> bool:
        """Whether a job is at it."""
        return self.state in (ImportState.CHECKING, ImportState.APPLYING)

    @property
    def kept_until(self) -> date:
        """The last day on which somebody has to touch it, or it is discarded."""
        return timezone.localdate(self.changed) + IMPORT_KEPT

    @property
    def is_open(self) -> bool:
        return self.state not in (ImportState.APPLIED, ImportState.DISCARDED)

    @property
    def tone(self) -> str:
        return TONES[ImportState(self.state)]

    def tallies(self) -> list[Tally]:
        """The figures of the last check, or of the import itself; none before the first."""
        return [Tally(*row) for row in self.result.get("tallies", ())]


class ImportFaultQuerySet(models.QuerySet["ImportFault"]):
    """Reading faults."""

    def search(self, words: str) -> Self:
        """Every word occurs in the sentence, the cell or the column."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(sentence__icontains=word) | Q(value__icontains=word) | Q(column__icontains=word))
        return found

    def by_sentence(self) -> models.QuerySet[Any, Any]:
        """What says the same of the same column, once: with `count` and the first row. Refusals first, then the most frequent."""
        told = self.order_by().values("severity", "table", "column", "sentence")
        return told.annotate(count=Count("pk"), first=Min("row")).order_by("-severity", "-count", "first")

    def tables(self) -> list[str]:
        return list(self.order_by("table").values_list("table", flat=True).distinct())


class ImportFault(models.Model):
    """One thing that the last check found: what core.imports.Fault says, in the order of files and rows."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="faults")
    place = models.PositiveIntegerField()
    table = models.CharField(max_length=300)
    row = models.PositiveIntegerField()
    column = models.TextField(blank=True)
    value = models.TextField(blank=True)
    sentence = models.TextField()
    severity = models.CharField(max_length=10)
    kind = models.CharField(max_length=60, blank=True)

    personal = kinds.IMPORT_FAULT
    objects = ImportFaultQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["place"]
        constraints = [models.UniqueConstraint(name="import_fault_once", fields=["of", "place"])]
