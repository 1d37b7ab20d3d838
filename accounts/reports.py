"""Who may do what with each kind of record, in which states: from the roles, the permissions and the state tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.roles import MEMBER_ROLES, PART_ROLES, PROGRAMME_ROLES, SITE_ROLES, Role
from core.access import share_tables
from core.deeds import ANYWHERE, Deed, Kind, all_kinds

PAGE = Path(settings.BASE_DIR) / "docs" / "roles.md"
MARK = "<!-- What follows is written by `manage.py roles`. -->"
# Where a role counts, in the order of the page: title, then the roles.
PLACES: tuple[tuple[Any, dict[str, Role]], ...] = (
    (gettext_lazy("On the site"), SITE_ROLES),
    (gettext_lazy("In a programme"), PROGRAMME_ROLES),
    (gettext_lazy("In an organisation"), MEMBER_ROLES),
    (gettext_lazy("By the part one takes"), PART_ROLES),
)


@dataclass(frozen=True)
class Line:
    """One thing that is done with a kind of record: who may, by where their role counts, in which states, and what else."""

    label: str
    who: list[tuple[str, list[Role]]]
    states: list[str]
    besides: str

    @property
    def roles(self) -> set[str]:
        """The slugs of all who may."""
        return {role.slug for _where, roles in self.who for role in roles}


@dataclass(frozen=True)
class Table:
    """A kind of record and its lines."""

    label: str
    lines: list[Line]


def matrix(role: str = "") -> list[Table]:
    """Every kind of record with what is done with it; of one role, by its slug, only what that may."""
    tables = [Table(str(kind.label), [_line(kind, each) for each in kind.deeds]) for kind in all_kinds()]
    if role:
        tables = [Table(table.label, [line for line in table.lines if role in line.roles]) for table in tables]
    return [table for table in tables if table.lines]


def _line(kind: Kind, each: Deed) -> Line:
    labels = [str(state.label) for state in kind.states or () if each.states is None or state in each.states]
    return Line(str(each.label), roles_of(each), [] if each.states is None else labels, str(each.besides))


def roles_of(each: Deed) -> list[tuple[str, list[Role]]]:
    """[(where the role counts, the roles)] of who may do it, without places where nobody may."""
    own = {name: table.part for name, table in share_tables().items()}
    found = [
        (_("on the site"), [role for role in SITE_ROLES.values() if _gives(each, role.perms, "site")]),
        (_("in the programme"), [role for role in PROGRAMME_ROLES.values() if _gives(each, role.perms, "programme")]),
        (
            _("in an organisation that takes part"),
            [role for role in MEMBER_ROLES.values() if _gives(each, role.perms, "organisation")],
        ),
        (
            _("in the organisation that signs for the programme"),
            [role for role in MEMBER_ROLES.values() if _gives(each, role.signing, "signing")],
        ),
        (_("by their part"), [role for role in PART_ROLES.values() if _by_part(each, role, own)]),
    ]
    return [(where, roles) for where, roles in found if roles]


def _gives(each: Deed, perms: Iterable[str], scope: str) -> bool:
    return each.perm.get(scope, each.perm.get(ANYWHERE, "")) in perms


def _by_part(each: Deed, role: Role, own: dict[str, Any]) -> bool:
    """A part counts in its own scope alone: by a share of its kind of record, or as oneself."""
    scopes = [name for name, part in own.items() if part == role] or ["person"]
    return any(_gives(each, role.perms, scope) for scope in scopes)


def as_page() -> str:
    """docs/roles.md as it is to be: its head as it was written by hand, then the roles and the matrix, in English."""
    head = PAGE.read_text().split(MARK)[0]
    with override("en"):
        parts = [_roles(str(title), roles) for title, roles in PLACES]
        tables = [_table(table) for table in matrix()]
    return head + "\n\n".join([MARK, "## The roles", *parts, "## What each may do", *tables]) + "\n"


def _roles(title: str, roles: dict[str, Role]) -> str:
    rows = [f"| `{role.slug}` | {role.label} | {described(role)} |" for role in roles.values()]
    return "\n".join([f"| {title.lower()} | name | what it is for |", "|---|---|---|", *rows])


def described(role: Role) -> str:
    """What it is for, and what makes somebody one where nobody gives it."""
    return f"{role.sentence} {role.through}".strip()


def _table(table: Table) -> str:
    rows = [f"| {line.label} | {_in_words(line)} | {', '.join(line.states) or 'any'} | {line.besides} |" for line in table.lines]
    return "\n".join([f"### {table.label}", "", "| what | who | in the states | besides |", "|---|---|---|---|", *rows])


def _in_words(line: Line) -> str:
    return "; ".join(f"{where}: {', '.join(str(role.label) for role in roles)}" for where, roles in line.who)
