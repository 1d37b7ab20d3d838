"""One transaction, one chain: what @action promises, also to several writers at once."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Person
from core import audit
from core.access import HOUSE, Actor
from core.action import action, lock, next_number, store
from core.models import Event, Head, Sequence
from core.public import generation, touch
from core.unit import NotInAction
from partnerships.models import Membership, Organisation, Programme, ProgrammeRole
from tests.threads import at_once


@action
def rename(*, organisation: Organisation, name: str, by: Actor = HOUSE, fail: bool = False) -> None:
    store(organisation, {"name": name})
    audit.record("organisation.edited", organisation, by=by, fields=name)
    if fail:
        raise ValueError(name)


def verbs() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("verb", flat=True))


def test_events_are_chained_and_the_head_is_their_end(cast):
    before = Event.objects.count()
    rename(organisation=cast.agency, name="A")
    rename(organisation=cast.agency, name="B", by=cast.cora)
    last = Event.objects.get(seq=before + 2)
    assert (last.verb, last.data, last.subject, last.by) == (
        "organisation.edited",
        {"fields": "B"},
        f"partnerships.organisation:{cast.agency.ref}",
        cast.cora.person.ref,
    )
    assert Head.objects.get().hash == last.hash
    assert audit.verify() is None


def test_recording_touching_and_asking_for_work_outside_an_action_is_refused(cast):
    for write in (lambda: audit.record("organisation.edited", cast.agency, by=HOUSE), touch):
        with pytest.raises(NotInAction):
            write()


def test_an_action_that_records_nothing_leaves_the_chain_alone(cast):
    @action
    def idle(*, by: Actor = HOUSE) -> str:
        return "done"

    before = (Head.objects.get().seq, generation())
    assert idle() == "done"
    assert (Head.objects.get().seq, generation()) == before


def test_the_chain_is_touched_by_the_last_statements_only(cast):
    log: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        log.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        rename_in_turn(organisations=[cast.agency, cast.ngo])  # the second row is written after the first Event
    on_chain = [sql for sql in log if "core_head" in sql or "core_event" in sql]
    assert len(on_chain) == 3
    assert [sql for sql in log if "SAVEPOINT" not in sql][-3:] == on_chain


def test_an_action_in_an_action_joins_it(cast):
    @action
    def both(*, by: Actor = HOUSE) -> None:
        rename(organisation=cast.agency, name="A")
        rename(organisation=cast.ngo, name="B")
        touch()

    before, age = len(verbs()), generation()
    both()
    assert verbs()[before:] == ["organisation.edited"] * 2
    assert generation() == age + 1


def test_a_failed_action_leaves_nothing(cast):
    before, age = len(verbs()), generation()
    with pytest.raises(ValueError):
        rename(organisation=cast.agency, name="A", fail=True)
    assert Organisation.objects.get(pk=cast.agency.pk).name == "Agency"
    assert (len(verbs()), generation()) == (before, age)
    rename(organisation=cast.agency, name="A")  # and the next one is none the worse
    assert len(verbs()) == before + 1


def test_a_failed_inner_action_loses_the_whole_even_when_swallowed(cast):
    @action
    def careless(*, by: Actor = HOUSE) -> None:
        rename(organisation=cast.agency, name="A")
        with suppress(ValueError):
            rename(organisation=cast.ngo, name="B", fail=True)

    before = len(verbs())
    with pytest.raises(transaction.TransactionManagementError):
        careless()
    assert list(Organisation.objects.filter(name__in=["A", "B"])) == []
    assert len(verbs()) == before


@pytest.mark.django_db(transaction=True)
def test_an_action_refuses_to_be_half_of_another_transaction():
    organisation = Organisation.objects.create(name="x")
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        rename(organisation=organisation, name="y")


def test_rows_are_locked_in_one_order_whoever_asks_and_read_afresh(cast):
    log: list[Any] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        log.append((sql.split('FROM "')[1].split('"')[0], params[0]))
        return execute(sql, params, many, context)

    rows = [cast.programme, cast.elsewhere, cast.agency, cast.cycle]
    Organisation.objects.filter(pk=cast.agency.pk).update(name="Renamed by another")
    orders = []
    for asked in (rows, rows[::-1]):
        with transaction.atomic(), connection.execute_wrapper(watch):
            lock(*asked)
        orders.append([*log])
        log.clear()
    assert (
        orders[0]
        == orders[1]
        == [
            ("fellowships_cycle", cast.cycle.pk),
            ("partnerships_organisation", cast.agency.pk),
            ("partnerships_organisation", cast.elsewhere.pk),
            ("partnerships_programme", cast.programme.pk),
        ]
    )
    assert cast.agency.name == "Renamed by another"


@action
def rename_pair(*, first: Organisation, second: Organisation, by: Actor = HOUSE) -> None:
    lock(first, second)
    for organisation in (first, second):
        rename(organisation=organisation, name=organisation.name + ".")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_writers_in_opposite_orders_leave_one_whole_chain():
    a, b, c = (Organisation.objects.create(name=n) for n in "abc")
    rounds = 40

    def writer(first: Organisation, second: Organisation):
        def run() -> None:
            one, two = Organisation.objects.get(pk=first.pk), Organisation.objects.get(pk=second.pk)
            for _ in range(rounds):
                rename_pair(first=one, second=two)

        return run

    assert at_once(writer(a, b), writer(b, a), writer(b, c), writer(c, b)) == []
    assert Event.objects.count() == rounds * 8 and audit.verify() is None
    assert [len(o.name) - 1 for o in Organisation.objects.order_by("pk")] == [rounds * 2, rounds * 4, rounds * 2]


@action
def rename_in_turn(*, organisations: list[Organisation], by: Actor = HOUSE) -> None:
    for organisation in organisations:
        rename(organisation=organisation, name=organisation.name + ".")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_holds_the_head_never_waits_for_a_row():
    """Each takes its second row after its first Event: were the head taken with that, a cycle would close."""
    a, b, c = (Organisation.objects.create(name=n) for n in "abc")

    def writer(*rows: Organisation):
        own = [Organisation.objects.get(pk=row.pk) for row in rows]
        return lambda: [rename_in_turn(organisations=own) for _ in range(40)]

    assert at_once(writer(a, b), writer(a, b), writer(b, c), writer(b, c)) == []
    assert Event.objects.count() == 320 and audit.verify() is None


@action
def join(*, programme: Programme, person_id: int, by: Actor = HOUSE) -> None:
    """Inserts a row with a foreign key, which PostgreSQL would check at commit."""
    ProgrammeRole.objects.create(person_id=person_id, programme=programme, role="editor", since="2027-01-01", until="2027-01-02")
    audit.record("programme.role_given", programme, by=by)


@action
def hold(*, programme: Programme, by: Actor = HOUSE) -> None:
    """Locks the parent against everybody, as a delete does."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    audit.record("programme.edited", programme, by=by)


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_key_checked_at_commit_does_not_wait_behind_the_head():
    person, programme = Person.objects.create(name="p"), Programme.objects.create(name="x")
    work = [
        lambda: [join(programme=programme, person_id=person.pk) for _ in range(100)],
        lambda: [hold(programme=programme) for _ in range(100)],
    ]
    assert at_once(*work, *work) == []
    assert audit.verify() is None and Membership.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_number_is_given_once_and_none_is_left_out():
    given: list[int] = []

    @action
    def take(*, by: Actor = HOUSE) -> None:
        given.append(next_number("things"))

    def writer() -> None:
        for _ in range(25):
            take()

    assert at_once(writer, writer, writer, writer) == []
    assert sorted(given) == list(range(1, 101))
    assert Sequence.objects.get(name="things").value == 100
