"""By environment alone: Redis, S3, SMTP and PostgreSQL, each a real server on this machine, tried from a process of its own."""

import contextlib
import email
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.config.processes import BIN, environment, free_port, python, run, running

pytestmark = pytest.mark.slow


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """Debian ships the server in redis-tools, too, as the program that acts by the name it is called by."""
    program = shutil.which("redis-server") or shutil.which("redis-check-rdb")
    assert program, "apt-get install redis-tools"
    called = tmp_path / "redis-server"
    called.symlink_to(program)
    port = free_port()
    command = [str(called), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with running(command, env=dict(os.environ), log=tmp_path / "redis.log", port=port):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[str]:
    """A store with an empty bucket that only its owner reads."""
    port = free_port()
    command = [str(BIN / "moto_server"), "--host", "127.0.0.1", "--port", str(port)]
    with running(command, env=environment(tmp_path), log=tmp_path / "s3.log", port=port):
        endpoint = f"http://127.0.0.1:{port}"
        made = run(
            sys.executable, "-c",
            "import boto3, sys\n"
            "boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='k',"
            " aws_secret_access_key='s').create_bucket(Bucket='ground')",
            endpoint, data=tmp_path,
        )  # fmt: skip
        assert made.returncode == 0, made.stdout
        yield f"s3://key:secret@ground?endpoint_url={endpoint}&region=us-east-1"


class Kept(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[email.message.Message] = []

    def handle_message(self, message: email.message.Message) -> None:
        self.mails.append(message)


@contextlib.contextmanager
def smtp() -> Iterator[tuple[str, Kept]]:
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}", kept
    finally:
        controller.stop()


def test_redis_is_a_cache_that_processes_share(redis: str, tmp_path: Path) -> None:
    python("from django.core.cache import cache; cache.set('page', {'n': 1}, 60)",
           data=tmp_path, CACHE_URL=redis)  # fmt: skip
    told = python("from django.core.cache import cache; print(cache.get('page'), type(cache._cache).__name__)",
                  data=tmp_path / "elsewhere", CACHE_URL=redis)  # fmt: skip
    assert told == "{'n': 1} RedisCacheClient"


def test_files_are_a_cache_that_processes_share(tmp_path: Path) -> None:
    python("from django.core.cache import cache; cache.set('page', {'n': 1}, 60)", data=tmp_path)
    assert python("from django.core.cache import cache; print(cache.get('page'))", data=tmp_path) == "{'n': 1}"


def test_files_go_to_s3_and_stay_private(s3: str, tmp_path: Path) -> None:
    python("from django.core.files.base import ContentFile; from core import files; print(files.keep(b'%PDF', 'pdf'))",
           data=tmp_path, STORAGE_URL=s3)  # fmt: skip
    told = python(
        "import hashlib, urllib.request, urllib.error\n"
        "from core import files\n"
        "from django.core.files.storage import default_storage as store, storages\n"
        "name = hashlib.sha256(b'%PDF').hexdigest(); name = f'{name[:2]}/{name}.pdf'\n"
        "print(files.read(name), type(store._wrapped).__name__)\n"
        "print(store.url(name))\n"
        "print(storages['renditions'].url('images/a b.png'))\n",
        data=tmp_path / "elsewhere",
        STORAGE_URL=s3,
    ).splitlines()
    assert told[0] == "b'%PDF' S3Storage"
    # Addresses are ours, never the bucket's: a page would leak it, and the strict policy of the browser would refuse it.
    assert told[1].startswith("http://127.0.0.1:8000/files/")
    assert told[2] == "http://127.0.0.1:8000/media/images/a%20b.png"
    assert not list(tmp_path.glob("**/*.pdf"))


def test_mail_goes_by_smtp(tmp_path: Path) -> None:
    with smtp() as (url, kept):
        python("from django.core.mail import send_mail; send_mail('Signed', 'It is in force.', None, ['nora@example.org'])",
               data=tmp_path, EMAIL_URL=url, DEFAULT_FROM_EMAIL="Ground <ground@example.org>")  # fmt: skip
    [mail] = kept.mails
    assert (mail["Subject"], mail["From"], mail["To"]) == ("Signed", "Ground <ground@example.org>", "nora@example.org")


def test_mail_goes_to_files_by_default(tmp_path: Path) -> None:
    python("from django.core.mail import send_mail; send_mail('Signed', 'It is in force.', None, ['nora@example.org'])",
           data=tmp_path)  # fmt: skip
    [file] = (tmp_path / "mail").iterdir()
    assert "Subject: Signed" in file.read_text()


def test_a_mail_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        told = python(
            "from django.core.mail import send_mail\n"
            "try: send_mail('Signed', 'x', None, ['nora@example.org'])\n"
            "except OSError as error: print(type(error).__name__)",
            data=tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}", EMAIL_TIMEOUT="1",
        )  # fmt: skip
        assert told == "SMTPServerDisconnected"
        assert time.monotonic() - began < 30


def test_postgresql_ends_what_waits_too_long(tmp_path: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.db import connection as c\n"
        "with c.cursor() as cursor:\n"
        "  for name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'):\n"
        "    cursor.execute(f'SHOW {name}'); print(cursor.fetchone()[0], end=' ')\n"
        "print(c.vendor, c.settings_dict['CONN_MAX_AGE'], c.settings_dict['CONN_HEALTH_CHECKS'])"
    )
    done = run(sys.executable, "-m", "tests.postgres", sys.executable, "-c", code,
               data=tmp_path, DJANGO_SETTINGS_MODULE="config.settings")  # fmt: skip
    assert done.stdout.strip() == "30s 10s 1min postgresql 60 True"
