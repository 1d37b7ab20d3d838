"""What is in the chain, was sent and was signed stays as it is: the database refuses, and what passed it is found."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from core import actions as core
from core import audit
from core.access import HOUSE
from core.models import Event, Head
from mou import actions as mou

GROWS = {
    "core.event": ("by", "nobody"),
    "core.anchor": ("hash", "0"),
    "mou.agreementversion": ("text", "{}"),
    "mou.rendition": ("sha256", "0" * 64),
    "mou.signature": ("name", "Nobody"),
}
TESTED_ELSEWHERE = ("partnerships.reminder", "partnerships.earlieranswer")
# The other guards: what a row may be only beside other rows. Each is tested where its rule is.
RULES = (
    "signature_of_what_is_out",
    "force_needs_signatures",
    "active_needs_agreement",
    "completed_needs_handover",
    "completed_keeps_handover",
    "section_never_by_its_fellow",
    "closing_needs_owners_and_questions",
    "questions_keep_it_closed",
    "output_of_closed_is_followed",
    "signature_for_one_side",
    "organisation_above_itself",
    "organisation_too_deep",
    "organisation_same_as_a_double",
)


def changes(label: str) -> Iterator[Callable[[], object]]:
    model = apps.get_model(label)
    field, value = GROWS[label]
    yield lambda: model.objects.filter(pk=model.objects.first().pk).update(**{field: value})
    yield lambda: model.objects.filter(pk=model.objects.first().pk)._raw_delete("default")
    yield lambda: connection.cursor().execute(f'DELETE FROM "{model._meta.db_table}"')
    if connection.vendor == "postgresql":
        yield lambda: connection.cursor().execute(f'TRUNCATE "{model._meta.db_table}" CASCADE')
    else:
        yield lambda: replace(model, field, same=[])
        columns = [column for column in model._meta.local_fields if column.unique and not column.primary_key]
        for unique in [*model._meta.constraints, *columns]:
            yield lambda unique=unique: replace(model, field, same=["id"])


def replace(model: type[Model], field: str, same: list[str]) -> None:
    """SQLite's INSERT OR REPLACE of the first row by itself with another value in one field; without the columns in `same`,
    so that what is the same is the primary key, or else a unique constraint."""
    table = model._meta.db_table
    columns = [column.column for column in model._meta.local_concrete_fields if column.column not in same]
    values = ", ".join("'{}'" if column == field else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {values} FROM {table} ORDER BY 1 LIMIT 1")


def assert_guarded(label: str) -> None:
    rows = list(apps.get_model(label).objects.values())
    assert rows != []
    for change in changes(label):
        with pytest.raises(DatabaseError, match=r"append-only|signature_of_what_is_out"), transaction.atomic():
            change()
    assert list(apps.get_model(label).objects.values()) == rows


@pytest.mark.postgres
@pytest.mark.parametrize("label", GROWS)
def test_the_database_refuses_to_change_or_delete(agreement_in_force, label):
    version = agreement_in_force.version()
    mou.record_rendition(version=version, kind="copy", file="ab/ab.pdf", sha256="1" * 64, size=1, by=HOUSE)
    core.anchor_chain(today=date(2027, 3, 1), by=HOUSE)
    assert_guarded(label)
    assert audit.verify() is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_committing_test_with_lifted_triggers(tampering):
    Event.objects.create(seq=1, at="2027-01-01T00:00Z", by="", verb="", subject="", data={}, hash="")
    Event.objects.all().delete()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_and_after_it_the_triggers_and_the_migrated_rows_are_back():
    assert (Head.objects.get().seq, Event.objects.count()) == (0, 0)
    Event.objects.create(seq=1, at="2027-01-01T00:00Z", by="", verb="", subject="", data={}, hash="")
    assert_guarded("core.event")


@pytest.mark.postgres
def test_every_guard_of_the_migrations_is_in_the_database(db):
    """On SQLite a later AlterField rebuilds a table and drops its triggers without a word: they are counted here."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        there = {name for (name,) in cursor.fetchall()}
    ends = {"sqlite": ("no_update", "no_delete", "no_replace"), "postgresql": ("no_change", "no_truncate")}[connection.vendor]
    grows = {f"{apps.get_model(label)._meta.db_table}_{end}" for label in (*GROWS, *TESTED_ELSEWHERE) for end in ends}
    ends = {"sqlite": ("_insert", "_update"), "postgresql": ("",)}[connection.vendor]
    assert {name for name in there if "wagtail" not in name} == grows | {rule + end for rule in RULES for end in ends}
