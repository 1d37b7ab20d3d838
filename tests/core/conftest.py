"""What several tests of core read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.imports import Table, read_tables

Tables = Callable[..., list[Table]]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    """tables(people="name\\nZoë\\n") -> people.csv, as an import reads it."""

    def tables(**files: str) -> list[Table]:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return read_tables(tmp_path)

    return tables
