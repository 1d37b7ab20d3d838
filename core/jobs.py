"""Work for later, by name: the only door to django-tasks. The task row is part of the action that asks for it."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from core.action import action
from core.models import Run
from core.unit import current

Job = Callable[..., None]
logger = logging.getLogger(__name__)
PAUSES = [timedelta(minutes=n) for n in (1, 5, 15, 60, 240, 720)]
ABANDONED = timedelta(minutes=15)  # longer than any job may take: its worker was killed
URGENT, PATIENT = 10, -10  # above everything that was asked for before; below whatever is asked for later
_jobs: dict[str, Job] = {}
_daily: list[str] = []
_urgent: set[str] = set()


class UnknownJob(LookupError):
    """No app registered a job of this name."""


def register(name: str, job: Job, *, daily: bool = False, urgent: bool = False) -> None:
    """Called when an app is ready. A daily job takes the day (ISO) and is asked for once a day by the clock.

    For an urgent one somebody waits at the screen: it does not stand behind the PDFs and mails of others.
    """
    _jobs[name] = job
    if urgent:
        _urgent.add(name)
    if daily and name not in _daily:
        _daily.append(name)


@task()
def run_job(name: str, *args: str, tries: int = 0) -> None:
    """The one task that the worker knows. Arguments are public references, never objects.

    What fails is asked for again, later each time; after the last pause it stays failed, with its trace, for the operator.
    """
    try:
        _jobs[name](*args)
    except Exception:
        if tries < len(PAUSES):
            logger.exception("job %s failed, try %s; again in %s", name, tries + 1, PAUSES[tries])
            _task(name).using(run_after=timezone.now() + PAUSES[tries]).enqueue(name, *args, tries=tries + 1)
        raise


def _task(name: str) -> Any:
    return run_job.using(priority=URGENT) if name in _urgent else run_job


def later(name: str, *args: str) -> None:
    """Ask for a job: later("app.render", thing.ref). By name, so that an action needs no import upward.

    Raises NotInAction outside an action and UnknownJob for a name that no app registered.
    """
    current()
    if name not in _jobs:
        raise UnknownJob(name)
    _task(name).enqueue(name, *args)


def give_way() -> int:
    """What waits in the queue now lets everything go first that is asked for later. How many did.

    A new demo leaves some minutes of PDFs behind; who signs the next agreement does not stand in that line.
    """
    return int(DBTaskResult.objects.ready().update(priority=PATIENT))


@action
def ask_daily(*, name: str, day: date) -> bool:
    """Ask for a daily job unless somebody has, in one transaction with the row that says so. False: it was asked."""
    _, new = Run.objects.get_or_create(name=name, period=day.isoformat())
    if new:
        later(name, day.isoformat())
    return new


def tick(now: datetime) -> int:
    """Ask for every daily job of this day that was not asked for yet; how many were. Two clocks at once ask once.

    Jobs whose worker was killed go back to the queue: every job can be run again. A job is told the day and looks at
    state, not at the day before: nights that were missed need no catching up here.
    """
    _give_back(now - ABANDONED)
    return sum(ask_daily(name=name, day=timezone.localdate(now)) for name in _daily)


def _give_back(before: datetime) -> None:
    """What a worker took before that moment and never finished. What killed each of many workers stays failed, and is told."""
    for row in DBTaskResult.objects.filter(status="RUNNING", started_at__lt=before):
        if len(row.worker_ids) <= len(PAUSES):
            DBTaskResult.objects.filter(pk=row.pk, status="RUNNING").update(status="READY", started_at=None)
        else:
            logger.error(
                "job %s is given up: %s workers were killed while they ran it", row.args_kwargs["args"], len(row.worker_ids)
            )
            row.set_failed(RuntimeError("Every worker that ran this job was killed."))


def ended(day: date) -> Any:
    """Tasks that came to an end on that day or before, well or not."""
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone())
    return DBTaskResult.objects.filter(finished_at__lt=after)


@action
def forget_tasks(*, rows: Any, by: Any) -> int:
    """They go; what waits or runs stays."""
    return int(rows.delete()[0])


def run_jobs() -> int:
    """Run everything that is ready, here and now, and fail loudly: tests and the demo. Else `manage.py db_worker`."""
    done = 0
    while row := DBTaskResult.objects.ready().filter(task_path=run_job.module_path).first():
        row.claim("run_jobs")
        try:
            _jobs[row.args_kwargs["args"][0]](*row.args_kwargs["args"][1:])
        except Exception as error:
            row.set_failed(error)
            raise
        row.set_successful(None)
        done += 1
    return done
