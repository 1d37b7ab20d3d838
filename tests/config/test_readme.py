"""What the README tells a newcomer to type works, in its order, where nothing is yet; and its example is the explained one."""

import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from fellowships.models import Cycle

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
EXAMPLES = ROOT / "docs" / "examples"


def typed() -> list[list[str]]:
    """Every call of `manage.py` in the README, in the order of the page, without remarks."""
    text = README.read_text()
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    inline = re.findall(r"`(manage\.py [^`]+)`", text.replace("\n", " "))
    calls = [shlex.split(line, comments=True) for line in [*lines, *inline]]
    return [call[1:] for call in calls if call and call[0] == "manage.py" and "FILE" not in call]


def test_every_command_works_in_its_order(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = typed()
    assert {call[0] for call in calls} >= {"import_organisations", "import_cohort", "grant", "due"}
    monkeypatch.chdir(ROOT)
    for name, *arguments in [*calls, ["verify_audit"]]:
        call_command(name, *arguments)
    assert Cycle.objects.filter(programme__name="Tidewater Fellowship").count() == 2


def test_the_example_is_the_one_that_is_explained() -> None:
    explained = (ROOT / "docs" / "imports.md").read_text()
    files = [*sorted((EXAMPLES / "tidewater").iterdir()), EXAMPLES / "tidewater.yaml"]
    assert [path.name for path in files] == ["fellows.csv", "hosts.csv", "stays.csv", "tidewater.yaml"]
    assert [path.name for path in files if path.read_text() not in explained] == []
