"""The docs know what there is: every command with its options, every role, every script; and every link leads somewhere."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import find_commands, get_commands, load_command_class

from accounts.reports import as_page, described
from accounts.roles import MEMBER_ROLES, PART_ROLES, PROGRAMME_ROLES, SITE_ROLES

ROOT = Path(settings.BASE_DIR)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# What the environment of a process may set for every command of Django.
EVERYWHERE = {"--help", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color", "--skip-checks"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def without(text: str, *, word: str) -> str:
    """The page as it would be if somebody forgot this word's line."""
    return "".join(line for line in text.splitlines(keepends=True) if word not in line)


# ---------------------------------------------------------------------------------------------------- commands


def our_commands() -> set[str]:
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
    return {name for app in ours for name in find_commands(str(Path(app.path) / "management"))}


def described_commands(text: str) -> set[str]:
    section = text.split("\n## Commands\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \| .+ \|$", section, re.MULTILINE))


def test_every_command_of_ours_is_described_and_no_other() -> None:
    text = read("docs/operate.md")
    assert described_commands(text) == our_commands()
    assert our_commands() - described_commands(without(text, word="`verify_audit`")) == {"verify_audit"}


def unknown_calls(text: str) -> list[str]:
    """Calls of `manage.py` in a page whose command or whose option is not there."""
    known, wrong = get_commands(), []
    for name, rest in re.findall(r"manage\.py (\w+)([^`\n]*)", text):
        if name not in known:
            wrong.append(name)
            continue
        command = load_command_class(known[name], name) if isinstance(known[name], str) else known[name]
        parser = command.create_parser("manage.py", name)
        offered = {option for action in parser._actions for option in action.option_strings} | EVERYWHERE
        wrong += [
            f"{name} {option}" for option in re.findall(r"(?<![\w-])--[a-z-]+", rest.split("#")[0]) if option not in offered
        ]
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_option_in_a_page_is_there(page: Path) -> None:
    assert unknown_calls(page.read_text()) == []


def test_a_command_or_an_option_that_is_not_there_is_seen() -> None:
    page = "`manage.py import_cohorts x/`, manage.py grant a@b.org editor --programm X --name Y\n`manage.py check --deploy`"
    assert unknown_calls(page) == ["import_cohorts", "grant --programm"]


# ---------------------------------------------------------------------------------------------------- roles


def described_roles(text: str) -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", text, re.MULTILINE)
    return {slug: (name, sentence) for slug, name, sentence in rows}


def test_every_role_is_described_as_it_is_and_no_other() -> None:
    text = read("docs/roles.md")
    roles = {**MEMBER_ROLES, **PROGRAMME_ROLES, **SITE_ROLES, **PART_ROLES}
    assert len(roles) == len(MEMBER_ROLES) + len(PROGRAMME_ROLES) + len(SITE_ROLES) + len(PART_ROLES)
    assert described_roles(text) == {slug: (str(role.label), described(role)) for slug, role in roles.items()}
    assert roles.keys() - described_roles(without(text, word="`auditor`")).keys() == {"auditor"}


def test_the_page_of_roles_is_what_the_command_writes() -> None:
    """Changed a role, a permission, a state? `manage.py roles` writes it anew."""
    assert read("docs/roles.md") == as_page()


# ---------------------------------------------------------------------------------------------------- scripts


def undescribed_scripts(pages: Iterable[str]) -> set[str]:
    named = {name for page in pages for name in re.findall(r"\bscript/(\w+)", page)}
    return {path.name for path in (ROOT / "script").iterdir() if path.suffix != ".sh"} - named


def test_every_script_is_described() -> None:
    pages = [page.read_text() for page in PAGES]
    assert undescribed_scripts(pages) == set()
    assert undescribed_scripts(page.replace("script/lock", "") for page in pages) == {"lock"}


# ---------------------------------------------------------------------------------------------------- links


def anchors(text: str) -> set[str]:
    """The names that readers on the web may jump to, made of the headings."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def dead_links(text: str, folder: Path) -> list[str]:
    """Links of a page to files and headings that are not there."""
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = target.partition("#")
        path = (folder / name).resolve()
        there = not name or path.exists()
        if not there or (anchor and anchor not in anchors(path.read_text() if name else text)):
            dead.append(target)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page.read_text(), page.parent) == []


def test_a_link_that_leads_nowhere_is_seen() -> None:
    page = (
        "# One head\n[a](README.md) [b](nowhere.md) ![c](docs/pictures/none.png) [d](#one-head) [e](#two) [f](docs/operate.md#x)"
    )
    assert dead_links(page, ROOT) == ["nowhere.md", "docs/pictures/none.png", "#two", "docs/operate.md#x"]
