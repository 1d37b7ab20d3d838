"""The test database: migrated once for each hash of what shapes it, then copied. Never flushed, always restored.

A flush would be refused by the append-only triggers, and would take with it the rows that migrations put there. Every
process has a copy of its own, so the workers of pytest-xdist and two runs at the same time do not meet.
"""

import ast
import contextlib
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

BASE = Path(settings.BASE_DIR)
FOLDER = BASE / "var" / "testdb"
KEPT = 14 * 24 * 60 * 60  # seconds for which a template is kept after its last use
WORK = f"cg_work_{os.getpid()}"


def imported(path: Path, seen: set[Path]) -> set[Path]:
    """The files of this repository that a module imports, and what these import."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            place = BASE / name.replace(".", "/")
            for file in (place.with_suffix(".py"), place / "__init__.py"):
                if file not in seen and file.is_file():
                    seen.add(file)
                    imported(file, seen)
    return seen


def digest() -> str:
    """Over the settings, the locked requirements, every migration of every installed app and what ours import."""
    shaping = {BASE / "config" / "settings.py", BASE / "requirements.txt", Path(__file__)}
    for app in apps.get_app_configs():
        ours = Path(app.path).is_relative_to(BASE) and "site-packages" not in app.path
        for path in Path(app.path).glob("migrations/*.py"):
            shaping.add(path)
            if ours:
                imported(path, shaping)
    total = hashlib.sha256()
    for path in sorted(shaping):
        total.update(str(path).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One process of this repository at a time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Sqlite:
    """Databases are files: templates stay in var/testdb, copies lie in the temporary folder of the process."""

    def name(self, short: str) -> str:
        folder = Path(settings.DATA_DIR) if short == WORK else FOLDER
        return str(folder / f"{short}.sqlite3")

    def exists(self, short: str) -> bool:
        return Path(self.name(short)).exists()

    def drop(self, short: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(self.name(short) + end).unlink(missing_ok=True)

    def create(self, short: str, template: str | None = None) -> None:
        if template:
            shutil.copyfile(self.name(template), self.name(short))
            os.utime(self.name(template))

    def rename(self, old: str, new: str) -> None:
        Path(self.name(old)).rename(self.name(new))

    def tidy(self) -> None:
        for path in FOLDER.glob("cg_*.sqlite3*"):
            if path.stat().st_mtime < time.time() - KEPT:
                path.unlink(missing_ok=True)

    def url(self) -> str:
        return f"sqlite:///{quote(self.name(WORK))}"


class Postgres:
    """Databases of one server, which tests/postgres.py started for this run."""

    def name(self, short: str) -> str:
        return short

    def run(self, sql: str) -> list[Any]:
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def exists(self, short: str) -> bool:
        return bool(self.run(f"SELECT 1 FROM pg_database WHERE datname = '{short}'"))

    def drop(self, short: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{short}" WITH (FORCE)')

    def create(self, short: str, template: str | None = None) -> None:
        self.run(f'CREATE DATABASE "{short}"' + (f' TEMPLATE "{template}"' if template else ""))

    def rename(self, old: str, new: str) -> None:
        self.run(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def tidy(self) -> None:
        """Nothing outlives the server."""

    def url(self) -> str:
        return f"postgresql://postgres:@/{WORK}?host={connection.settings_dict['OPTIONS']['host']}"


store = Sqlite() if connection.vendor == "sqlite" else Postgres()
template = ""


def use(short: str) -> None:
    """Turn every connection of this process, of any thread, to this database."""
    connections.close_all()
    connection.settings_dict["NAME"] = store.name(short)


def prepare() -> None:
    """Build the template unless this very one is there, and put a copy in place."""
    global template
    options = connection.settings_dict["OPTIONS"]
    if "init_command" in options:  # what is lost when the machine crashes is no loss here
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    template = f"cg_{digest()}"
    with alone():
        store.tidy()
        if not store.exists(template):
            store.drop("cg_building")
            store.create("cg_building")
            use("cg_building")
            call_command("migrate", verbosity=0)
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            use(WORK)
            store.rename("cg_building", template)
    restore()


def restore() -> None:
    """The database as the migrations left it."""
    use(WORK)
    store.drop(WORK)
    store.create(WORK, template)


def finish() -> None:
    """Leave nothing of this process behind."""
    use(WORK)
    store.drop(WORK)


def url() -> str:
    """DATABASE_URL of the copy in use, for a process that a test starts."""
    return store.url()
