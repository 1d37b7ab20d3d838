"""A message is written once in the action that causes it and delivered by a job, through a mail server that really is one."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import files, notify
from core.access import HOUSE, Actor
from core.action import action
from core.jobs import ABANDONED, run_jobs, tick
from core.models import Message
from core.notify import Text
from tests import processes
from tests.core.test_jobs import work_off

TEXT = Text(
    subject="Sign it",
    lines=("First.", "Second, with “signs” & <more>."),
    why="You take part.",
    link="/desk/",
    link_label="Open",
)


@action
def tell(*, key: str, to: list[str], about: Any, text: Text = TEXT, by: Actor = HOUSE, fail: bool = False) -> None:
    notify.post(key, to, text, about=about)
    if fail:
        raise ValueError(key)


class Post:
    """What the mail server does with each message: `answers` says, one after the other, then it takes everything."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.taken: list[EmailMessage] = []
        self.asked = 0
        self.hold = threading.Event()
        self.hold.set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        import asyncio
        from email import message_from_bytes, policy

        self.asked += 1
        while not self.hold.is_set():
            await asyncio.sleep(0.02)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            message: Any = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append(message)
        return answer


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """A mail server on this machine, and the settings that lead to it."""
    handler, port = Post(), processes.free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    handler.hold.set()
    controller.stop()


def test_the_same_occasion_and_address_is_written_once(cast):
    for _ in range(2):
        tell(key="signed:1", to=["a@example.org", "a@example.org", "b@example.org"], about=cast.agency)
    tell(key="signed:2", to=["a@example.org"], about=cast.agency)
    assert sorted(Message.objects.values_list("key", flat=True)) == [
        "signed:1:a@example.org",
        "signed:1:b@example.org",
        "signed:2:a@example.org",
    ]
    assert run_jobs() == 3 and len(mail.outbox) == 3


def test_a_failed_action_tells_nobody(cast):
    with pytest.raises(ValueError):
        tell(key="signed:1", to=["a@example.org"], about=cast.agency, fail=True)
    assert (Message.objects.count(), run_jobs(), mail.outbox) == (0, 0, [])


def test_the_mail_says_it_in_text_and_html_with_a_whole_address_and_its_attachment(cast, settings):
    name = files.keep(b"%PDF-1.7 of nothing", "pdf")
    text = Text(**{**vars(TEXT), "attachment": name, "attachment_name": "CG-1.pdf"})
    tell(key="copy:1", to=["a@example.org"], about=cast.agency, text=text)
    run_jobs()
    (sent,) = mail.outbox
    assert (sent.subject, sent.to, sent.from_email) == ("Sign it", ["a@example.org"], settings.DEFAULT_FROM_EMAIL)
    html = sent.alternatives[0].content
    for body in (sent.body, html):
        assert f"{settings.BASE_URL}/desk/" in body and "You take part." in body
    assert "Second, with “signs” & <more>." in sent.body
    assert "&amp; &lt;more&gt;" in html and "<more>" not in html
    assert [(part.filename, part.content) for part in sent.attachments] == [("CG-1.pdf", b"%PDF-1.7 of nothing")]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db(transaction=True)
def test_what_the_server_refuses_is_kept_and_delivered_once_under_the_same_id(cast, post):
    post.answers = ["451 busy", "550 not now"]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        tell(key="signed:1", to=["a@example.org"], about=cast.agency)
        message = Message.objects.get()
        work_off()
        message.refresh_from_db()
        assert (message.sent_at, message.attempts, post.taken) == (None, 1, [])
        assert "451" in message.error
        for minutes in (2, 6, 16, 61):
            clock.shift(timedelta(minutes=minutes))
            work_off()
    message.refresh_from_db()
    assert (message.attempts, message.error, message.sent_at is not None) == (3, "", True)
    assert [taken["Message-ID"] for taken in post.taken] == [f"<{message.ref}@127.0.0.1>"]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_run_again_after_the_mail_left_sends_nothing(cast, post):
    tell(key="signed:1", to=["a@example.org"], about=cast.agency)
    work_off()
    DBTaskResult.objects.update(status="READY")
    work_off()
    assert len(post.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(cast, settings):
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = *silent.server_address, 1
        tell(key="signed:1", to=["a@example.org"], about=cast.agency)
        work_off()
    message = Message.objects.get()
    assert (message.sent_at, message.attempts) == (None, 1) and "imed out" in message.error


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_talks_to_the_mail_server_delivers_once_it_is_started_again(cast, post):
    post.hold.clear()
    tell(key="signed:1", to=["a@example.org"], about=cast.agency)
    worker = processes.manage("db_worker", "--interval", "0.1", EMAIL_URL=post.url)
    processes.wait_for(lambda: post.asked == 1)
    assert DBTaskResult.objects.get().status == "RUNNING"
    processes.kill(worker)
    post.hold.set()

    tick(timezone.now())
    assert DBTaskResult.objects.filter(status="READY", args_kwargs__args__0="core.send_message").count() == 0  # too early
    tick(timezone.now() + ABANDONED + timedelta(seconds=1))
    worker = processes.manage("db_worker", "--interval", "0.1", EMAIL_URL=post.url)
    try:
        processes.wait_for(lambda: Message.objects.filter(sent_at__isnull=False).exists())
    finally:
        processes.kill(worker)
    message = Message.objects.get()
    assert message.attempts == 1
    assert {taken["Message-ID"] for taken in post.taken} == {f"<{message.ref}@127.0.0.1>"}


def test_a_name_with_a_break_in_it_stops_no_mail_and_adds_nothing_to_its_head(cast):
    subject = "To sign: Agency\r\nBcc: somebody@example.org\n\n" + "long " * 50
    tell(key="x", to=["nora@example.org"], about=cast.agency, text=Text(subject=subject, lines=("One.",), why="You take part."))
    run_jobs()
    (sent,) = mail.outbox
    assert sent.subject.startswith("To sign: Agency Bcc: somebody@example.org long long")
    assert (len(sent.subject), sent.recipients()) == (200, ["nora@example.org"])
