"""Tries are counted once for all web processes: two of them, with a cache of files and with Redis."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django_tasks_db.models import DBTaskResult

from accounts import codes
from accounts.models import User
from config.caches import SharedFiles
from tests import processes
from tests.accounts.steps import App, with_app
from tests.conftest import PASSWORD, sign_in_for
from tests.house import ROOT
from tests.threads import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def nora(db: None) -> User:
    """Her password as production stores it: the servers know no other way."""
    user = sign_in_for("nora")
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6, 1000)
    user.save()
    return user


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """Debian ships the server in redis-tools, too, as the program that acts by the name it is called by."""
    program, port = shutil.which("redis-server") or shutil.which("redis-check-rdb"), processes.free_port()
    assert program, "apt-get install redis-tools"
    called = tmp_path / "redis-server"
    called.symlink_to(program)
    server = subprocess.Popen(
        [called, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    processes.wait_for(lambda: listens(port))
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(30)


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["files", "redis"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Addresses of two web processes over the same data."""
    sites, servers = [f"http://127.0.0.1:{processes.free_port()}" for _one in range(2)], []
    cache = request.getfixturevalue("redis") if request.param == "redis" else ""
    try:
        for site in sites:
            environment = processes.environment(DEBUG="true", BASE_URL=site, DATA_DIR=str(tmp_path), CACHE_URL=cache)
            options = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
            command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", site.removeprefix("http://"), *options]
            servers.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        for site in sites:
            processes.wait_for(partial(answers, f"{site}/accounts/login/"))
        yield sites
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(30)


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).status_code == 200
    except requests.RequestException:
        return False


class Browser(requests.Session):
    """Somebody at a form."""

    def __init__(self, site: str) -> None:
        super().__init__()
        self.site = site

    def fill_in(self, path: str, **typed: str) -> str:
        """The page that answers."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(self.site + path, timeout=60).text)
        assert token is not None, path
        return self.post(self.site + path, {**typed, "csrfmiddlewaretoken": token[1]}, timeout=60).text

    def sign_in(self, user: User, word: str = PASSWORD) -> str:
        return self.fill_in("/accounts/login/", login=user.email, password=word)


def heard(pages: list[str], sentence: str) -> int:
    return sum(sentence in page for page in pages)


def test_twelve_wrong_codes_at_once_in_two_processes_are_heard_five_times_at_most(nora: User, site: list[str]) -> None:
    """So is the right one no more, whichever process it comes to."""
    app: App = with_app(nora)
    browsers = [Browser(address) for address in site * 2]
    told: list[str] = []
    for browser in browsers:
        assert "Second step" in browser.sign_in(nora)

    def three(browser: Browser) -> None:
        told.extend(browser.fill_in("/accounts/login/second/", code=app.wrong) for _try in range(3))

    assert at_once(*(lambda browser=browser: three(browser) for browser in browsers)) == []
    assert len(told) == 12 and 1 <= heard(told, "This code does not fit.") <= 5
    assert heard(told, "This code does not fit.") + heard(told, "Too many tries.") == 12
    for browser in browsers[:2]:
        assert "Too many tries." in browser.fill_in("/accounts/login/second/", code=app.code())


def test_so_are_wrong_passwords_and_an_address_that_nobody_has(nora: User, site: list[str]) -> None:
    for email in (nora.email, "ghost@example.org"):
        told: list[str] = []

        def try_one(address: str, email: str = email, told: list[str] = told) -> None:
            told.append(Browser(address).fill_in("/accounts/login/", login=email, password="not the one"))

        assert at_once(*(lambda address=address: try_one(address) for address in site * 4)) == []
        assert 1 <= heard(told, "do not belong together") <= 5
        assert heard(told, "do not belong together") + heard(told, "Too many tries with this address.") == 8


def test_wrong_recovery_codes_are_counted_with_the_codes_of_the_app(nora: User, site: list[str]) -> None:
    """Who has the password guesses neither the one nor the other, nor five of each."""
    app = with_app(nora)
    kept, told = codes.kept_codes(nora), []
    browsers = [Browser(address) for address in site]
    for number, browser in enumerate(browsers * 4):
        browser.sign_in(nora)
        wrong = app.wrong if number % 2 else next(f"{n:08}" for n in range(20) if f"{n:08}" not in kept)
        told.append(browser.fill_in("/accounts/login/second/", code=wrong))
    assert (heard(told, "This code does not fit."), heard(told, "Too many tries.")) == (5, 3)
    assert "Too many tries." in browsers[0].fill_in("/accounts/login/second/", code=kept[0])
    assert len(codes.kept_codes(nora)) == 10


def test_a_mailbox_is_flooded_from_nowhere(nora: User, site: list[str]) -> None:
    """Twelve requests at once, by two processes, are three mails; an address that nobody has hears the same."""
    for email in (nora.email, "ghost@example.org"):
        told: list[str] = []

        def ask(address: str, email: str = email, told: list[str] = told) -> None:
            told.extend(Browser(address).fill_in("/accounts/password/", email=email) for _try in range(3))

        assert at_once(*(lambda address=address: ask(address) for address in site * 2)) == []
        assert 1 <= heard(told, "Look into your mail") <= 3
        assert heard(told, "Look into your mail") + heard(told, "Too many tries in a short time") == 12
        asked = [row for row in DBTaskResult.objects.all() if row.args_kwargs["args"][0] == "accounts.mail_password_link"]
        assert 1 <= len(asked) <= 6


def test_only_one_adds_what_is_not_there(tmp_path: Path) -> None:
    """The limits stand on it: of many that add the same key at the same moment, one did."""
    caches = [SharedFiles(str(tmp_path), {}) for _one in range(8)]
    added: list[str] = []

    def add(cache: SharedFiles) -> None:
        added.extend(key for key in map(str, range(25)) if cache.add(key, 1))

    assert at_once(*(lambda cache=cache: add(cache) for cache in caches)) == []
    assert sorted(added, key=int) == [str(number) for number in range(25)]
