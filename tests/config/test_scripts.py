"""The scripts themselves: they parse, they run from anywhere, they say what they do not know, they name no machine."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.config.processes import ROOT, run

SCRIPTS = [ROOT / "script" / name for name in ("bootstrap", "server", "test", "fresh", "lock", "pictures")] + [
    ROOT / ".ci" / "run"
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_is_plain_bash_that_stops_at_an_error(script: Path) -> None:
    assert os.access(script, os.X_OK)
    text = script.read_text()
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert "set -euo pipefail" in text or "/common.sh" in text
    assert subprocess.run(["bash", "-n", str(script)]).returncode == 0
    assert not re.search(r"^\s*(make|just|npm|npx|docker) ", text, re.MULTILINE)


def test_names_no_machine() -> None:
    for script in [*SCRIPTS, ROOT / "script" / "common.sh", ROOT / "docs" / "operate.md"]:
        hosts = set(re.findall(r"https?://([a-z0-9.-]+\.[a-z]+)", script.read_text()))
        assert hosts <= {"ground.example.org", "id.agency.example"}, script.name


def test_bootstrap_has_nothing_to_say_the_second_time(tmp_path: Path) -> None:
    """Called from another folder; what is installed is not installed again."""
    for _ in range(2):
        done = subprocess.run([ROOT / "script" / "bootstrap", "--dev"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("script", ["bootstrap", "fresh"])
def test_an_unknown_option_is_refused_with_what_is_known(script: str, tmp_path: Path) -> None:
    done = run(f"script/{script}", "--nonsense", data=tmp_path)
    assert done.returncode == 1
    assert "knows --" in done.stdout
    assert "--nonsense" in done.stdout


def test_the_build_machine_wants_the_real_records() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    assert "export CI=${CI:-true}\n" in text
    assert "COMMONGROUND_REAL_DATA" in text
    assert text.rstrip().endswith('exec script/test "$@"')
