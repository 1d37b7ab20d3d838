"""A job is asked for in the action, runs after it, again when it failed, and once whatever is killed in the middle."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from core import jobs
from core.access import HOUSE, Actor
from core.action import action
from core.jobs import UnknownJob, later, run_jobs, tick
from core.models import Run
from core.unit import NotInAction
from tests import processes
from tests.threads import aside, at_once

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def noted() -> Iterator[list[str]]:
    """A job that only this test knows, "tests.note", and what it was given."""
    seen: list[str] = []
    jobs.register("tests.note", seen.append)
    yield seen
    del jobs._jobs["tests.note"]


@action
def ask(*, word: str, name: str = "tests.note", by: Actor = HOUSE, fail: bool = False) -> None:
    later(name, word)
    if fail:
        raise ValueError(word)


def work_off() -> None:
    """What `manage.py db_worker` does, until nothing is ready."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()


def test_a_job_runs_after_the_action_that_asked_for_it_and_once(db, noted):
    ask(word="a")
    assert noted == []
    assert (run_jobs(), noted) == (1, ["a"])
    assert (run_jobs(), noted) == (0, ["a"])


def test_what_somebody_waits_for_comes_before_what_was_asked_for_earlier(db, noted):
    jobs.register("tests.at_the_door", noted.append, urgent=True)
    try:
        for word, name in (("a", "tests.note"), ("b", "tests.note"), ("link", "tests.at_the_door"), ("c", "tests.note")):
            ask(word=word, name=name)
        run_jobs()
    finally:
        jobs._urgent.discard("tests.at_the_door")
        del jobs._jobs["tests.at_the_door"]
    assert noted == ["link", "a", "b", "c"]


def test_the_link_that_lets_somebody_in_and_an_import_at_the_desk_are_such_things(db):
    assert jobs._urgent == {
        "accounts.mail_password_link", "accounts.make_export", "accounts.erase_person", "accounts.erase_again",
        "core.check_import", "core.apply_import",
    }  # fmt: skip


def test_what_gave_way_comes_after_what_was_asked_for_later(db, noted):
    for word in ("old", "older"):
        ask(word=word)
    assert jobs.give_way() == 2
    ask(word="new")
    run_jobs()
    assert noted == ["new", "old", "older"]


def test_a_job_outside_an_action_or_of_an_unknown_name_is_refused(db, noted):
    with pytest.raises(NotInAction):
        later("tests.note", "a")
    with pytest.raises(UnknownJob):
        ask(word="a", name="tests.no_such_job")
    assert DBTaskResult.objects.count() == 0


def test_a_failed_action_leaves_no_job(db, noted):
    with pytest.raises(ValueError):
        ask(word="a", fail=True)
    assert DBTaskResult.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_job_is_part_of_the_action_and_nobody_else_sees_it_before_the_commit(noted):
    seen = []

    @action
    def ask_and_look(*, by: Actor = HOUSE) -> None:
        ask(word="a")
        seen.extend([DBTaskResult.objects.count(), aside(DBTaskResult.objects.count)])

    ask_and_look()
    assert [*seen, aside(DBTaskResult.objects.count)] == [1, 0, 1]


def test_nothing_but_our_own_task_is_ever_queued(cast, agreement_in_force):
    """Wagtail would queue its search index for every saved row; only pages are indexed."""
    assert set(DBTaskResult.objects.values_list("task_path", flat=True)) == {"core.jobs.run_job"}


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_tried_again_after_longer_and_longer_pauses_and_stays_failed_for_the_operator(noted):
    tries: list[datetime] = []

    def fail(word: str) -> None:
        tries.append(timezone.now())
        raise ConnectionError("nobody there")

    jobs.register("tests.note", fail)
    with time_machine.travel(NOON, tick=False) as clock:
        ask(word="a")
        for _ in range(48 * 60):
            work_off()
            due = DBTaskResult.objects.filter(status="READY").order_by("run_after").first()
            if due is None:
                break
            assert not DBTaskResult.objects.ready().exists()  # it waits: nobody is asked in between
            clock.move_to(due.run_after)
    pauses = [after - before for before, after in pairwise(tries)]
    assert pauses == jobs.PAUSES == [timedelta(minutes=n) for n in (1, 5, 15, 60, 240, 720)]
    left = DBTaskResult.objects.all()
    assert {row.status for row in left} == {"FAILED"} and len(left) == 7
    assert "ConnectionError: nobody there" in left[0].traceback


@pytest.mark.django_db(transaction=True)
def test_what_failed_once_is_done_the_next_time(noted):
    def fail_first(word: str) -> None:
        noted.append(word)
        if len(noted) == 1:
            raise ConnectionError

    jobs.register("tests.note", fail_first)
    with time_machine.travel(NOON, tick=False) as clock:
        ask(word="a")
        work_off()
        assert noted == ["a"]
        clock.shift(timedelta(seconds=61))
        work_off()
    assert noted == ["a", "a"]
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


def test_a_job_whose_worker_was_killed_goes_back_and_one_that_runs_does_not(db, noted):
    ask(word="lost")
    ask(word="running")
    for row, minutes in zip(DBTaskResult.objects.order_by("enqueued_at"), (16, 14), strict=True):
        row.claim("killed")
        DBTaskResult.objects.filter(pk=row.pk).update(started_at=NOON - timedelta(minutes=minutes))
    tick(NOON)
    by_word = {row.args_kwargs["args"][1]: row.status for row in DBTaskResult.objects.all() if len(row.args_kwargs["args"]) == 2}
    assert (by_word["lost"], by_word["running"]) == ("READY", "RUNNING")


def test_a_job_that_kills_every_worker_is_given_up_in_the_end(db, noted, caplog):
    ask(word="deadly")
    for n in range(len(jobs.PAUSES) + 1):
        row = DBTaskResult.objects.get(args_kwargs__args=["tests.note", "deadly"])
        assert row.status == "READY", n
        row.claim(f"worker {n}")
        DBTaskResult.objects.filter(pk=row.pk).update(started_at=NOON - timedelta(minutes=16))
        tick(NOON)
    row.refresh_from_db()
    assert row.status == "FAILED" and "Every worker" in row.traceback
    assert "is given up: 7 workers were killed" in caplog.text


@pytest.fixture
def daily(noted) -> Iterator[list[str]]:
    jobs.register("tests.note", noted.append, daily=True)
    yield noted
    jobs._daily.remove("tests.note")


def asked() -> list[str]:
    rows = DBTaskResult.objects.filter(task_path="core.jobs.run_job").order_by("enqueued_at")
    return [row.args_kwargs["args"][1] for row in rows if row.args_kwargs["args"][0] == "tests.note"]


def test_a_daily_job_is_asked_for_once_a_day_and_a_missed_night_is_one_job_not_many(db, daily):
    for hours in (0, 1, 11, 13, 24 * 4):
        tick(NOON + timedelta(hours=hours))
    assert asked() == ["2027-03-01", "2027-03-02", "2027-03-05"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_clocks_that_strike_together_ask_once(daily):
    clocks = [lambda: tick(NOON) for _ in range(4)]
    assert at_once(*clocks) == []
    assert asked() == ["2027-03-01"]


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_run_twice_at_once_asks_once():
    runs = [processes.manage("tick") for _ in range(2)]
    told = sorted(processes.ended(run) for run in runs)
    names = sorted(Run.objects.values_list("name", flat=True))
    assert names == sorted(jobs._daily) and DBTaskResult.objects.count() == len(names)
    figures = [int(out.split()[0]) for out in told]
    assert sum(figures) == len(names)
