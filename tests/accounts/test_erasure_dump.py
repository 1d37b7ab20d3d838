"""Erasing a person: a dump of the database and of every kept file finds them nowhere outside of what the law keeps.

The rows are made from the declarations: one for each kind of personal row there is, with a marker in every text field.
"""

import csv
import json
import uuid
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import actions as accounts
from accounts import actions as acts
from accounts.models import Invitation, Person, SiteRole
from core import audit, erasing, exporting, files, privacy
from core.access import HOUSE
from core.action import action
from core.jobs import run_jobs
from core.models import Event, ExternalId, Import, ImportFault, ImportMapping, Message
from core.privacy import End
from fellowships.models import Handover, Placement
from mou import actions as mou
from mou import demo as mou_demo
from mou.models import Agreement, Party, Signature
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.models import FollowUp, Hackathon, Membership, ProgrammeRole
from tests.cms.stories import story
from tests.conftest import build_cast, sign_in_for

NAME, ADDRESS, PHONE = "Zelda Markwart", "zelda.markwart@marker.example", "+49 555 0199 42"
MARKS = (NAME, ADDRESS, PHONE, "zelda", "markwart", "0199 42")
# What the law keeps, by table and column: the frozen text, the signature, and the answer that was corrected.
LAW = {
    "mou_agreementversion.text",
    "mou_signature.name",
    "mou_signature.title",
    "mou_signature.organisation_name",
    "mou_signature.consent",
    "partnerships_earlieranswer.evidence",
    "partnerships_earlieranswer.reason",
    "partnerships_earlieranswer.why",
}
UNSIGNED = {"mou.Agreement", "mou.Party"}  # what stands is made by the scene


def dump() -> dict[str, str]:
    """Every column of every table as text."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
            quoted = ", ".join(f"CAST({connection.ops.quote_name(name)} AS TEXT)" for name in columns)
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for name, value in zip(columns, row, strict=True):
                    if value:
                        found[f"{table}.{name}"] = found.get(f"{table}.{name}", "") + f"\n{value}"
    return found


def hits(found: dict[str, str]) -> set[str]:
    """Columns in which a marker stands."""
    folded = [mark.casefold() for mark in MARKS]
    return {place for place, text in found.items() if any(mark in text.casefold() for mark in folded)}


def on_the_disk() -> set[str]:
    """Kept files in which a marker stands, archives opened."""
    found = set()
    for path in Path(settings.DATA_DIR).rglob("*"):
        if path.is_file() and path.suffix not in (".sqlite3", ".sqlite3-wal", ".sqlite3-shm"):
            content = path.read_bytes()
            texts = [content]
            if content[:2] == b"PK":
                with zipfile.ZipFile(BytesIO(content)) as archive:
                    texts = [archive.read(name) for name in archive.namelist()]
            if any(mark.casefold().encode() in text.lower() for text in texts for mark in MARKS):
                found.add(path.relative_to(settings.DATA_DIR).as_posix())
    return found


class World:
    """Somebody with a row of each kind that is declared, and a marker in each of its declared text fields."""

    def __init__(self) -> None:
        self.cast = c = build_cast()
        self.marker = f"{NAME}, {ADDRESS}, {PHONE}"
        self.person = accounts.add_person(name=NAME, by=HOUSE)
        self.user = accounts.open_sign_in(person=self.person, email=ADDRESS, by=HOUSE)
        self.ada = sign_in_for("ada")
        accounts.give_site_role(person=self.ada.person, role="administrator", by=HOUSE)
        role = partnerships.add_member(organisation=c.agency, person=self.person, role="signatory", by=HOUSE)
        agreement = mou_demo.agreement_draft(c.programme, c.ngo, c.agency, by=c.cora, starts=c.starts, ends=c.ends)
        party = agreement.parties()[1] if agreement.parties()[1].organisation == c.agency else agreement.parties()[0]
        mou.name_signatory(party=party, signatory=self.person, by=c.cora)
        mou_demo.sign(mou_demo.send(agreement, by=c.cora), [self.user, c.nora])
        now = {"published_at": timezone.now(), "published_by": self.person}
        Agreement.objects.filter(pk=agreement.pk).update(**now)
        event = partnerships_demo.hackathon_open(c.programme, c.ngo, ends=c.today - timedelta(days=40), by=c.cora, titles=["Map"])
        partnerships_demo.hackathon_closed(event, c.agency, self.person, by=c.cora)
        Hackathon.objects.filter(pk=event.pk).update(**now)
        asked = FollowUp.objects.filter(output__hackathon=event).order_by("days").first()
        answer = {
            "state": "answered",
            "asked_on": c.today,
            "answered_on": c.today,
            "outcome": "paused",
            "answered_by": self.person,
        }
        FollowUp.objects.filter(pk=asked.pk).update(**answer)
        partnerships.end_membership(membership=role, by=HOUSE)
        self.made: set[str] = set()
        self.new(Handover, {"placement": c.placement})  # of somebody else: they receive a section of it
        for model, each in privacy.kinds():
            if not callable(each.of):
                for path in each.of:
                    self.row(model, path)
        self.known_otherwise()
        for model, each in privacy.kinds():
            self.fill(model, each)
        end_what_runs(self)
        DBTaskResult.objects.exclude(status="FAILED").delete()  # no PDF is looked for here

    def key(self, model: type[models.Model]) -> models.Model | None:
        return {"accounts.User": self.user, "accounts.Person": self.person}.get(model._meta.label)

    def row(self, model: type[models.Model], path: str) -> models.Model:
        """A row of which the path leads to them: one that is there is turned to them, or else there is a new one."""
        first, _under, rest = path.partition("__")
        if path == "pk":
            return self.key(model)
        field = model._meta.get_field(first)
        if not field.concrete:
            return None
        target = self.row(field.related_model, rest) if rest else self.key(field.related_model)
        if target is None or (there := model._base_manager.filter(**{first: target}).first()) is not None:
            return there if target is not None else None
        try:
            with transaction.atomic():
                return self.new(model, {first: target})
        except (DatabaseError, ValueError, TypeError):
            there = model._base_manager.order_by("-pk").first()
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=there.pk if there else None).update(**{first: target})
        except DatabaseError:  # a path that another row of the kind has taken
            return None
        return there

    def new(self, model: type[models.Model], facts: dict[str, object]) -> models.Model:
        for field in model._meta.local_concrete_fields:
            words = field.blank and isinstance(field, models.CharField | models.TextField) and not field.unique
            if field.name in facts or field.primary_key or field.has_default() or field.null or words:
                continue
            if field.related_model:
                target = self.key(field.related_model) or field.related_model._base_manager.first()
                facts[field.name] = target or self.new(field.related_model, {})
            else:
                facts[field.name] = "none.txt" if isinstance(field, models.FileField) else value(field, "x")
        row = model(**facts)
        row.save_base(raw=True, force_insert=True)
        return row

    def known_otherwise(self) -> None:
        """Kinds that are found by what they say."""
        ref = self.person.ref
        Message.objects.create(key=f"k:{ADDRESS}", to=ADDRESS, subject="s", lines=[self.marker], why="w", sent_at=timezone.now())
        Message.objects.create(key="other", to="nora@example.org", subject=f"News of {NAME}", lines=[f"So said {NAME}."], why="w")
        ExternalId.objects.create(source="list", kind="accounts.person", key=ADDRESS, target=ref)
        ImportMapping.objects.create(slug="own", belongs=ref, title=NAME, text=self.marker)
        what = {
            "what": self.marker,
            "where": "Agency",
            "place": "Agency",
            "role": "signatory",
            "scope": "organisation",
        }
        ends = {"expires": timezone.now() + timedelta(days=1), "consumed_at": timezone.now()}
        Invitation.objects.create(person=self.person, email=ADDRESS, by="x", **what, **ends)
        kept = files.keep(f"name,mail\n{NAME},{ADDRESS}\n".encode(), "csv")
        facts = {"target": "cohort", "space": "X", "owner": ref, "title": "list", "tables": [{"sample": [NAME]}]}
        over = {"state": "applied", "applied_at": timezone.now(), "applied_by": ref}
        brought = [{"name": "list.csv", "file": kept, "sha256": "", "size": 9}]
        imported = Import.objects.create(files=brought, **facts, **over)
        quoted = {"table": "list", "row": 2, "value": self.marker, "sentence": "Wrong.", "severity": "note"}
        ImportFault.objects.create(of=imported, place=1, **quoted)
        task = {"task_path": "x", "backend_name": "default", "args_kwargs": {"args": [], "kwargs": {}}, "worker_ids": []}
        moment = {"run_after": timezone.now(), "exception_class_path": "", "traceback": self.marker, "status": "FAILED"}
        DBTaskResult.objects.create(**task, **moment)
        session = SessionStore()
        session["_auth_user_id"], session["said"] = str(self.user.pk), self.marker
        session.create()
        self.session = session.session_key
        said(self.person, NAME)
        for item in ("case_study", "photo"):
            accounts.give_consent(person=self.person, item=item, by=self.user)
        story(title=f"With {NAME}", problem=f"<p>Ask {NAME} by {ADDRESS}.</p>", more=[("paragraph", f"<p>{NAME}</p>")])
        type(self.cast.agency).objects.filter(pk=self.cast.agency.pk).update(about=f"Run by {NAME}.", notice_email=ADDRESS)

    def fill(self, model: type[models.Model], each: privacy.Personal) -> None:
        names = {*each.exported, *each.emptied, *each.frozen, *each.files}
        subject = privacy.subject_of(self.person)
        for row in each.rows(model, subject):
            facts = {}
            for field in model._meta.local_concrete_fields:
                text = isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField)
                if (
                    field.name in names
                    and text
                    and not field.choices
                    and not field.unique
                    and field.name not in ("role", "ref", "label")
                ):
                    facts[field.name] = value(field, self.marker)
                if isinstance(field, models.FileField) and each.end != End.DELETED:
                    facts.pop(field.name, None)  # what they uploaded for others is read by hand
                if field.name in each.files and isinstance(field, models.CharField):
                    facts[field.name] = files.keep(f"of {self.marker}".encode(), "zip")
            facts = {
                name: default_storage.save(fact.name, fact) if isinstance(fact, ContentFile) else fact
                for name, fact in facts.items()
            }
            if model in (Event, Import) or not facts:
                continue
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**facts)
            except DatabaseError as error:
                assert each.frozen, (model, error)  # the database keeps it as it is
            self.made.add(model._meta.label)


def value(field: models.Field, marker: str) -> object:
    """Something of the right kind, with the marker in it where there is room for words."""
    if isinstance(field, models.FileField):
        return ContentFile(f"of {marker}".encode(), name=f"{uuid.uuid4().hex}.txt")
    if isinstance(field, models.EmailField):
        return ADDRESS
    if isinstance(field, models.GenericIPAddressField):
        return "203.0.113.9"
    if isinstance(field, models.JSONField):
        return [marker] if isinstance(field.get_default(), list) else {"said": marker}
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if field.choices:
        return next(iter(field.flatchoices))[0]
    if isinstance(field, models.CharField | models.TextField):
        if field.unique:
            return uuid.uuid4().hex[: field.max_length or 30]
        length = field.max_length or 10_000
        return next((words for words in (marker, NAME) if len(words) <= length), "x") if marker != "x" else "x"
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    return 1


@action
def said(person: Person, name: str) -> None:
    audit.record("person.renamed", person, by=HOUSE, before=name, after=name)


def end_what_runs(world: World) -> None:
    """What stands in the way of erasing them, set aside where it lies."""
    today = timezone.localdate()
    for model in (Membership, ProgrammeRole, SiteRole):
        model.objects.filter(person=world.person).update(until=today, since=today - timedelta(days=9))
    Placement.objects.filter(fellow__person=world.person).update(state="withdrawn", ended_on=today)
    # Drafts of the scene that the makers of rows turned to them.
    Party.objects.filter(signatory=world.person).exclude(agreement__state="in_force").update(signatory=None)


@pytest.fixture
def world(db):
    for left in on_the_disk():  # by the test before: files know no rollback
        (Path(settings.DATA_DIR) / left).unlink()
    return World()


def erase(world, **facts) -> None:
    also = [PHONE, "0199 42"]
    found = erasing.plan(privacy.subject_of(world.person).looking_for(also))
    chosen = [mention.key for mention in found.changeable]
    acts.confirm_erasure(person=world.person, digest=found.digest, chosen=chosen, reason="Asked.", also=also, by=world.ada)
    run_jobs()


def test_there_is_a_row_of_every_kind_and_a_marker_in_it(world):
    subject = privacy.subject_of(world.person)
    empty = [(model._meta.label, str(each.title)) for model, each in privacy.kinds() if not each.rows(model, subject).exists()]
    assert empty == []


@pytest.mark.postgres
def test_after_it_nothing_tells_of_them_but_what_the_law_keeps(world):
    before = dump()
    assert len(hits(before)) > 40 and len(on_the_disk()) >= 4
    erase(world)
    world.person.refresh_from_db()
    assert world.person.erased_at is not None, list(world.person.erasure_set.values_list("problem", flat=True))
    thin = {"core_event.data"} if getattr(audit.redact, "thin", False) else set()
    assert hits(dump()) - LAW - thin == set()
    assert on_the_disk() == set()
    assert Signature.objects.get(person=world.person).name == NAME


def test_a_copy_of_all_data_has_every_declared_row(world):
    subject = privacy.subject_of(world.person)
    rows = {str(each.title): each.rows(model, subject).count() for model, each in privacy.kinds()}
    made = exporting.copied(subject, "ground.example")
    with zipfile.ZipFile(BytesIO(made.content)) as archive:
        data = json.loads(archive.read("data.json"))
        tables = {record["title"]: len(record["rows"]) for record in data["records"].values()}
        assert tables == rows and made.rows == sum(rows.values())
        for name, record in data["records"].items():
            lines = list(csv.reader(archive.read(f"{name}.csv").decode("utf-8-sig").splitlines(keepends=True)))
            assert len(lines) == 1 + len(record["rows"]), name
            assert f"{name}.csv: {record['title']} ({len(record['rows'])})" in archive.read("README.txt").decode()
        packed = [name for name in archive.namelist() if name.startswith("files/")]
        assert len(packed) == len(made.files) >= 3
        assert all(NAME.encode() in archive.read(name) for name in packed)
