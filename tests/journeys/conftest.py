"""The demo as a site to walk about on: built once a run, and each journey gets a copy, a server and a worker of its own.

Every journey is walked three times: with a mouse on a wide light page, where axe looks at each page in four looks; with the
keyboard alone, and without JavaScript, both on a dark page as narrow as a telephone or a page enlarged fourfold.
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from core.demo import PASSWORD
from tests.journeys.person import Person
from tests.journeys.site import Site

WAYS: dict[str, dict[str, Any]] = {
    "mouse": {"hand": "mouse", "width": 1280, "scheme": "light"},
    "keyboard": {"hand": "keyboard", "width": 320, "scheme": "dark", "looks": []},
    "no-script": {"hand": "no-script", "width": 320, "scheme": "dark"},
}
# What the worker would do for some minutes first: letters and PDFs of years that are over, which no journey reads.
LEFT_BEHIND = """
    DELETE FROM django_tasks_database_dbtaskresult
    WHERE args_kwargs LIKE '%core.send_message%' OR args_kwargs LIKE '%mou.render_%'
"""
Somebody = Callable[..., Person]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The data of a new demo, made by the first process of this run that asks."""
    base = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # several processes share the folder above theirs
        base = base.parent
    made = base / "orvella"
    with (base / "orvella.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            build(made)
    return made


def build(made: Path) -> None:
    site = Site()
    try:
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["demo"]):
            site.manage(*command)
        database = sqlite3.connect(site.data / "db.sqlite3")
        with database:
            database.execute(LEFT_BEHIND)
        database.close()
        shutil.copytree(site.data, made.with_suffix(".part"), ignore=shutil.ignore_patterns("log"))
        made.with_suffix(".part").rename(made)
    finally:
        site.stop()


@pytest.fixture
def orvella(built: Path) -> Iterator[Site]:
    """The site of one journey."""
    site = Site(copy_of=built)
    try:
        yield site.start()
    finally:
        site.stop()


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def somebody(browser: Browser, orvella: Site, way: str) -> Iterator[Somebody]:
    """Comes to the first page, and signs in by its link: somebody("cora-lindqvarne@bridgeworks.example")."""
    people: list[Person] = []

    def comes(email: str = "", **otherwise: Any) -> Person:
        person = Person(browser, orvella.url, **WAYS[way] | otherwise)
        people.append(person)
        person.go("/")
        return person.goes("Sign in").sign_in(email, PASSWORD) if email else person

    yield comes
    for person in people:
        person.context.close()
    assert [wrong for person in people for wrong in person.wrong] == []
