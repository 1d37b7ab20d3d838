"""The database under the tests: a copy for each process, fresh after a test that commits, rebuilt when what shapes it changes."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection

from tests import testdb
from tests.config.processes import python


def test_what_migrations_import_shapes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "__init__.py").write_text("")
    (tmp_path / "house" / "guards.py").write_text("from house import words\nimport os\n")
    (tmp_path / "house" / "words.py").write_text("import house.guards\n")
    (tmp_path / "house" / "apart.py").write_text("")
    migration = tmp_path / "0002_guards.py"
    migration.write_text("from house.guards import guard\nfrom django.db import migrations\n")
    monkeypatch.setattr(testdb, "BASE", tmp_path)
    found = testdb.imported(migration, set())
    assert {path.name for path in found} == {"__init__.py", "guards.py", "words.py"}


def test_a_change_of_it_is_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    before = testdb.digest()
    assert before == testdb.digest()
    read = Path.read_bytes
    changed = Path(settings.BASE_DIR) / "requirements.txt"
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"\n" * (path == changed))
    assert testdb.digest() != before


@pytest.mark.django_db
def test_it_is_of_this_process_alone() -> None:
    name = str(connection.settings_dict["NAME"])
    assert testdb.WORK in name
    assert connection.vendor == "postgresql" or Path(name).is_relative_to(settings.DATA_DIR)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_for_the_next(turn: int) -> None:
    assert not Group.objects.filter(name="left behind").exists()
    Group.objects.create(name="left behind")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_another_process_can_be_given_it(tmp_path: Path) -> None:
    Group.objects.create(name="seen from elsewhere")
    told = python(
        "from django.contrib.auth.models import Group; print(Group.objects.filter(name='seen from elsewhere').count())",
        data=tmp_path,
        DATABASE_URL=testdb.url(),
    )
    assert told == "1"
