"""The log is plain, and keeps the addresses of people out."""

import logging
import sys
from pathlib import Path

import pytest

from config.logs import Plain
from tests.config.processes import run


def line(message: str, *args: object, **kwargs: object) -> str:
    record = logging.LogRecord("core.jobs", logging.WARNING, __file__, 1, message, args, None)
    record.created = 0
    for name, value in kwargs.items():
        setattr(record, name, value)
    return Plain().format(record)


def test_a_line_says_when_how_bad_where_and_what() -> None:
    assert line("job %s failed", "mou.render") == "1970-01-01T00:00:00Z WARNING core.jobs: job mou.render failed"


@pytest.mark.parametrize("address", ["nora@example.org", "n.o'brien+x@sub.example.co.uk", "зоя@example.org"])
def test_no_address_is_written(address: str) -> None:
    assert line("mail to %s bounced", address).endswith(": mail to (address) bounced")


def test_not_even_in_a_traceback() -> None:
    try:
        raise ValueError("Key (email)=(nora@example.org) already exists")
    except ValueError:
        told = line("failed", exc_info=sys.exc_info())
    assert "ValueError: Key (email)=((address)) already exists" in told


@pytest.mark.slow
def test_the_settings_log_to_stderr_in_these_lines(tmp_path: Path) -> None:
    code = "import django; django.setup(); import logging; logging.getLogger('mou').warning('to %s', 'nora@example.org')"
    done = run(sys.executable, "-c", code, data=tmp_path, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.stdout.strip().endswith("Z WARNING mou: to (address)")


@pytest.mark.slow
def test_a_worker_tells_of_a_job_only_when_it_fails(tmp_path: Path) -> None:
    """However the worker sets the level of its loggers."""
    code = (
        "import django; django.setup(); import logging; log = logging.getLogger('django_tasks'); log.setLevel(logging.INFO)\n"
        "log.info('state=RUNNING'); log.error('state=FAILED')"
    )
    done = run(sys.executable, "-c", code, data=tmp_path, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.stdout.strip().endswith("Z ERROR django_tasks: state=FAILED") and "RUNNING" not in done.stdout
