"""Real processes on the database of the running test: a worker, a clock, a web server. For tests that commit."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from tests import testdb
from tests.house import ROOT


def environment(**more: str) -> dict[str, str]:
    """As this test has it, without what makes the settings believe that they are under test."""
    ours = {"DATABASE_URL": testdb.url(), "DATA_DIR": str(settings.DATA_DIR), "DEBUG": "false", "SECOND_FACTOR": "offered"}
    return os.environ | ours | more


def manage(*arguments: str, **more: str) -> subprocess.Popen[str]:
    """`manage.py …`, started and not waited for."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill(process: subprocess.Popen[Any]) -> None:
    """kill -9: nothing of it is done after this."""
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    if process.stdout:
        process.stdout.close()


def ended(process: subprocess.Popen[str], seconds: float = 120) -> str:
    """What it printed, once it has ended by itself and well."""
    out, _ = process.communicate(timeout=seconds)
    assert process.returncode == 0, out
    return out


def wait_for(what: Callable[[], Any], seconds: float = 90) -> Any:
    """The first true answer. Raises AssertionError when none comes in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} seconds: {what}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
