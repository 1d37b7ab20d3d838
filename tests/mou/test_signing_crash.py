"""kill -9 in the middle: what somebody was told is done is done, and nothing is half done."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import audit, files
from core.jobs import ABANDONED, tick
from core.models import Event, Message
from mou import demo
from mou.models import Agreement, Duty, Rendition, Signature
from tests import processes
from tests.house import ROOT
from tests.threads import at_once

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 20
CSRF = "c" * 32


@pytest.fixture
def server() -> Iterator[tuple[int, int]]:
    """gunicorn as the Procfile has it, with its pages loaded before it forks: (process, port)."""
    port = processes.free_port()
    options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
    master = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *options],
        cwd=ROOT,
        env=processes.environment(DEBUG="true", BASE_URL=f"http://127.0.0.1:{port}"),
    )
    try:
        processes.wait_for(lambda: len(workers_of(master.pid)) == 2)
        yield master.pid, port
    finally:
        left = workers_of(master.pid)
        processes.kill(master)
        for pid in left:
            subprocess.run(["kill", "-9", str(pid)], check=False, capture_output=True)


def workers_of(pid: int) -> list[int]:
    """The processes that this one has started and that are still there."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []


class Signatory:
    """Somebody at a browser: presses the button, and again when no answer came."""

    def __init__(self, port: int, user: Any) -> None:
        client = Client()
        client.force_login(user)
        self.port, self.told = port, []
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}; csrf={CSRF}"

    def sign(self, agreement: Agreement, shown: str) -> None:
        """Until somebody says that it is done."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            status = self._post(f"/desk/agreements/{agreement.ref}/sign/", {"shown": shown, "consent": "on"})
            if status == 302:
                self.told.append(agreement.pk)
                return
            assert status == 0, status
        raise AssertionError("nobody answered for a minute")

    def _post(self, path: str, data: dict[str, str]) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, urlencode({**data, "csrfmiddlewaretoken": CSRF}), headers)
            return connection.getresponse().status
        except (OSError, HTTPException):  # who would have answered is gone
            return 0
        finally:
            connection.close()


def test_a_web_process_killed_while_two_sign_loses_nothing_that_was_confirmed(cast, agreements, server):
    master, port = server
    sofia, nora = Signatory(port, cast.sofia), Signatory(port, cast.nora)
    rng, killed = random.Random(20), 0
    made = agreements(ROUNDS)
    for agreement in made:
        shown = agreement.version().sha256

        def kill(after: float = rng.random() * 0.12) -> None:
            nonlocal killed
            time.sleep(after)
            victim = rng.choice(processes.wait_for(lambda: workers_of(master)))
            killed += subprocess.run(["kill", "-9", str(victim)], check=False).returncode == 0

        def press(who: Signatory, agreement: Agreement = agreement, shown: str = shown) -> Any:
            return lambda: who.sign(agreement, shown)

        assert at_once(press(sofia), press(nora), kill) == []
    assert killed == ROUNDS

    for who, user in ((sofia, cast.sofia), (nora, cast.nora)):
        signed = Signature.objects.filter(person=user.person).values_list("version__agreement", flat=True)
        assert sorted(who.told) == sorted(signed) == sorted(agreement.pk for agreement in made)
    duties = set()
    for agreement in Agreement.objects.filter(pk__in=[agreement.pk for agreement in made]):
        assert (agreement.state, agreement.missing_signatures()) == ("in_force", [])
        verbs = list(Event.objects.filter(subject=f"mou.agreement:{agreement.ref}").values_list("verb", flat=True))
        assert (verbs.count("agreement.signed"), verbs.count("agreement.in_force")) == (2, 1)
        duties.add(Duty.objects.filter(agreement=agreement).count())
        assert Message.objects.filter(about=f"mou.agreement:{agreement.ref}", key__startswith="in_force:").count() == 3
    assert len(duties) == 1 and duties != {0}
    assert audit.verify() is None


def test_a_worker_killed_while_it_makes_the_pdfs_has_made_each_once_when_it_is_started_again(cast, agreements, tmp_path):
    agreement = demo.sign(agreements(1)[0], [cast.sofia, cast.nora])
    mails = tmp_path / "mails"
    mail = {"EMAIL_URL": f"filemail://{mails}"}

    def running() -> bool:
        return DBTaskResult.objects.filter(status="RUNNING").exists()

    for pause in (0.2, 1.0, 2.0):
        worker = processes.manage("db_worker", "--interval", "0.1", **mail)
        processes.wait_for(running)
        time.sleep(pause)
        processes.kill(worker)
        tick(timezone.now() + ABANDONED + timedelta(minutes=1))
        assert not running()
    worker = processes.manage("db_worker", "--interval", "0.1", **mail)
    try:
        processes.wait_for(lambda: not DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).exists(), 300)
    finally:
        processes.kill(worker)

    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}
    made = Rendition.objects.filter(version__agreement=agreement)
    assert sorted(made.values_list("kind", flat=True)) == ["copy", "executed"]
    for rendition in made:
        assert sha256(files.read(rendition.file)).hexdigest() == rendition.sha256
    verbs = list(Event.objects.filter(subject=f"mou.agreement:{agreement.ref}").values_list("verb", flat=True))
    assert (verbs.count("agreement.rendered"), verbs.count("agreement.copies_sent")) == (2, 1)
    assert list(Path(settings.MEDIA_ROOT).rglob(".part-*")) == []
    assert not Message.objects.filter(sent_at=None).exists()
    assert audit.verify() is None
