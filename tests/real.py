"""Tests of real records ask for the fixture `real_data`. The records are not in the repository: an environment names them.

Without them these tests are left out, and the run says so; with CI=true they fail instead. Nothing is skipped silently.
"""

import os
from pathlib import Path

import pytest

NAME = "COMMONGROUND_REAL_DATA"
LEFT_OUT = pytest.StashKey[int]()


def folder() -> Path | None:
    """Where the records are, if they are there."""
    named = os.environ.get(NAME, "")
    return Path(named) if named and Path(named).is_dir() else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if folder() or os.environ.get("CI") == "true":
        return
    left_out = [item for item in items if "real_data" in getattr(item, "fixturenames", ())]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT] = len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"NOT RUN: {config.stash[LEFT_OUT]} tests of real records, as {NAME} names no folder.")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real records; what is asked of it must not be written down here."""
    found = folder()
    if not found:
        pytest.fail(f"{NAME} must name the folder of real records.", pytrace=False)
    return found
