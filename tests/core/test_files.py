"""A kept file is whole or not there."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings

from core import files
from tests.house import ROOT
from tests.threads import at_once

KEPT = Path(settings.MEDIA_ROOT)


def everything() -> list[str]:
    return sorted(str(path.relative_to(KEPT)) for path in KEPT.rglob("*") if path.is_file())


def test_a_file_is_named_by_its_hash_and_the_same_content_is_one_file():
    content = os.urandom(2000)
    before, digest = everything(), sha256(content).hexdigest()
    name = files.keep(content, "pdf")
    assert name == files.keep(content, "pdf") == f"{digest[:2]}/{digest}.pdf"
    assert sorted({*everything()} - {*before}) == [name]
    assert files.read(name) == content
    assert (KEPT / name).stat().st_mode & 0o077 == 0  # for us alone


def test_two_that_keep_the_same_at_once_leave_one_whole_file():
    content = os.urandom(300_000)
    before = everything()
    assert at_once(*[lambda: files.keep(content, "pdf") for _ in range(6)]) == []
    (name,) = {*everything()} - {*before}
    assert files.read(name) == content


def test_what_is_not_there_is_said():
    with pytest.raises(FileNotFoundError):
        files.read("00/00.pdf")


FULL = """
import resource, sys
import django
django.setup()
from core import files
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    files.keep(b"x" * 300_000, "pdf")
except OSError as error:
    print(type(error).__name__)
print(files.keep(b"small", "pdf"))
"""


@pytest.mark.slow
def test_a_disk_that_is_full_leaves_nothing_under_the_final_name_nor_beside_it(tmp_path):
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", FULL], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    name = f"{sha256(b'small').hexdigest()[:2]}/{sha256(b'small').hexdigest()}.pdf"
    assert done.stdout.split() == ["OSError", name], done.stderr
    assert [str(path.relative_to(tmp_path / "files")) for path in (tmp_path / "files").rglob("*") if path.is_file()] == [name]
