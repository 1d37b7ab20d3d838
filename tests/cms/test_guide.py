"""The guides for visitors and editors say what is so."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from cms.kinds import Level

GUIDE = Path(settings.BASE_DIR) / "docs" / "guide"


def words(name: str) -> str:
    return re.sub(r"\s+", " ", (GUIDE / f"{name}.md").read_text())


@pytest.mark.parametrize("name", ["visitor", "editor"])
def test_every_address_named_in_the_guide_answers(client, db, name):
    found = set(re.findall(r"`(/[^`]*)`", words(name)))
    assert found and {address: client.get(address).status_code for address in found} == {
        address: 302 if address == "/cms/" else 200 for address in found
    }


def test_the_levels_are_named_as_they_are():
    assert all(str(level.label) in words("visitor") for level in Level)


def test_the_kinds_of_files_are_those_that_are_taken():
    assert ", ".join(settings.WAGTAILDOCS_EXTENSIONS) in words("editor")
    pictures = [kind for kind in settings.WAGTAILIMAGES_EXTENSIONS if kind != "jpeg"]
    assert ", ".join(pictures) in words("editor")
    assert f"up to {settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // 1024**2} MB" in words("editor")


def test_the_limits_of_sign_in_are_those_that_hold():
    assert settings.PASSWORD_RESET_TIMEOUT == 2 * 3600 and "for two hours" in words("visitor")
    assert "5/300s/key" in settings.ACCOUNT_RATE_LIMITS["login_failed"]
    assert "After five wrong passwords for one address we wait five minutes" in words("visitor")
