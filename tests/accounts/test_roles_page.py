"""The page of roles and docs/roles.md say what the rules decide: the data beside the states, confronted with the rules."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from accounts.reports import matrix, roles_of
from accounts.roles import MEMBER_ROLES, OWN_PERMS, PART_ROLES, PROGRAMME_ROLES, SITE_ROLES
from core import access, deeds
from core.deeds import Deed, Kind
from core.models import Record
from core.states import Machine
from fellowships import actions as fellowships
from mou import actions as mou
from mou.models import Duty
from partnerships.models import live_roles_of
from tests.house import routes
from tests.partnerships.events import closed
from tests.reading import page, soup, words

APPS = ("core", "accounts", "partnerships", "mou", "fellowships", "cms")
RULES: dict[str, Any] = {}
for _app in APPS:
    for _name, _function in inspect.getmembers(import_module(f"{_app}.rules"), inspect.isfunction):
        RULES.setdefault(_name, _function)
# Lists, which show to each what they see; one's own record, sign-in and doors; the command line. They need no role.
OWN = {
    "signed_in", "anyone", "run_house", "view_own_record", "give_consent", "shield_own", "remove_step", "open_sign_in",
    "add_import", "ask_follow_up", "open_part", "own_data", "view_export", "fetch_export", "take_back_erasure",
}  # fmt: skip


def every() -> Iterator[tuple[Kind, Deed]]:
    return ((kind, each) for kind in deeds.all_kinds() for each in kind.deeds)


def test_every_page_of_the_desk_is_something_that_the_table_names():
    named = {rule for _kind, each in every() for rule in each.rules}
    guards = {view.guarded_by.__name__ for _address, view in routes().values()}
    assert sorted(guards - named - OWN) == []
    assert sorted(rule for rule in named if rule not in RULES) == []


def test_every_permission_of_a_role_is_in_the_table_and_every_one_of_the_table_is_held():
    said = {perm for _kind, each in every() for perm in each.perm.values()} - {""}
    tables = (MEMBER_ROLES, PROGRAMME_ROLES, SITE_ROLES, PART_ROLES)
    held = OWN_PERMS.union(*(role.perms | role.signing for table in tables for role in table.values()))
    assert said == held - {"wagtailadmin.access_admin"}  # Wagtail asks for that one beside ours


def machines() -> Iterator[tuple[str, Machine]]:
    for app in APPS:
        for layer in ("states", "rules"):
            try:
                module: ModuleType = import_module(f"{app}.{layer}")
            except ModuleNotFoundError:
                continue
            yield from ((name, each) for name, each in vars(module).items() if isinstance(each, Machine))


# Moves that nobody makes by a page of their own: the clock, a job, or another deed.
MOVED_BESIDE = {
    "CYCLE": {"unpublish"},
    "DUTY": {"happen"},
    "AGREEMENT": {"bring_into_force", "expire"},
    "FOLLOW_UP": {"ask", "answer_for", "give_up", "pass_over"},
    "SECTION": {"reopen"},
    "IMPORT": {
        "refile",
        "map",
        "ask_check",
        "check",
        "refuse_check",
        "ask_apply",
        "apply",
        "overtake",
        "refuse_apply",
        "abandon",
    },
}


def test_every_move_of_a_state_is_a_line_with_just_these_states():
    missing = []
    for name, machine in dict(machines()).items():
        for move in machine.moves.values():
            if move.name in MOVED_BESIDE.get(name, ()):
                continue
            lines = [each for _kind, each in every() if any(rule.split("_")[0] == move.name.split("_")[0] for rule in each.rules)]
            if not any(each.states == move.source or each.states is None for each in lines):
                missing.append(f"{name}.{move.name}")
    assert missing == []


def sources(rule: str, seen: set[str]) -> set[str]:
    """Every string that a rule has in its source, and those of the rules that it asks."""
    if rule in seen or rule not in RULES:
        return set()
    seen.add(rule)
    tree = ast.parse(inspect.getsource(RULES[rule]))
    found = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found |= sources(node.id, seen)
    return found


# Where the permission is asked by a query of a model.
BY_QUERY = {"open_sign_page", "sign_agreement", "decline_agreement"}


def test_each_rule_asks_for_the_permission_that_the_table_says():
    wrong = []
    for _kind, each in every():
        for rule in each.rules:
            asked = {text for text in sources(rule, set()) if text.count(".") == 1 and " " not in text}
            if rule not in BY_QUERY and not set(each.perm.values()) - {""} <= asked:
                wrong.append(f"{rule}: {sorted(each.perm.values())} is not among {sorted(asked)}")
    assert wrong == []


@pytest.mark.slow
def test_whoever_a_rule_lets_has_a_role_and_the_record_a_state_that_the_table_says(cast, ada, agreement_in_force, agreements):
    """Every rule about one record, asked for everybody of the cast about every record there is."""
    fellowships.start_placement(placement=cast.placement, by=cast.cora)
    closed(cast)
    agreements(1)
    mou.report_duty(duty=Duty.objects.filter(state="open", obligation__debtor__role="host")[0], evidence="x", by=cast.stella)
    fellowships.share_cycle(cycle=cast.cycle, user=cast.otto, by=cast.cora)
    users = [user for user in vars(cast).values() if getattr(user, "is_active", False)] + [ada]
    wrong, said_yes = [], set()
    for _kind, each in every():
        slugs = {role.slug for _where, roles in roles_of(each) for role in roles}
        for rule in each.rules:
            hints = [hint for hint in get_type_hints(RULES[rule]).values() if inspect.isclass(hint) and issubclass(hint, Record)]
            for obj in _few(hints[0]) if hints and slugs else ():
                for user in users:
                    if not RULES[rule](user, obj):
                        continue
                    said_yes.add(rule)
                    stateless = each.states is None or not hasattr(obj, "state") or rule in AFTERWARDS
                    if not stateless and obj.state not in each.states:
                        wrong.append(f"{rule} of {obj!r}: {obj.state}")
                    if not slugs & _slugs(user, obj) and not _own_name(rule, user, obj):
                        wrong.append(f"{rule} of {obj!r} by {user}: {_slugs(user, obj)}, not {slugs}")
    assert wrong == []
    assert len(said_yes) > 30  # it said yes often enough to mean something


AFTERWARDS = {"open_sign_page"}  # a second click leads who has signed to the receipt


def _few(model: Any) -> list[Any]:
    """The first two records of a kind, in each of its states."""
    rows = list(model.objects.order_by("pk"))
    states = dict.fromkeys(getattr(row, "state", "") for row in rows)
    return [row for state in states for row in [each for each in rows if getattr(each, "state", "") == state][:2]]


def _slugs(user: Any, obj: Any) -> set[str]:
    """What somebody holds anywhere, and what they are by a part."""
    held = {row.role for row in live_roles_of(user.person_id)} if user.person_id else set()
    parts = {slug for slug, role in PART_ROLES.items() for name, table in access.share_tables().items()
             if table.part == role and table.objects.filter(user=user).exists()}  # fmt: skip
    own = {"fellow", "owner"} if user.person and user.person.name in ("Felix", "Stella") else set()
    return held | parts | own


def _own_name(rule: str, user: Any, obj: Any) -> bool:
    """Each for themselves, as the column "besides" says."""
    return rule in {"shield_person", "unshield_person", "ask_export"} and getattr(obj, "pk", None) == user.person_id


# ------------------------------------------------------------------------------------------------------------- the page


def test_the_page_shows_every_role_and_every_record_to_anybody_signed_in(client, cast):
    client.force_login(cast.otto)
    told = page(client.get("/desk/roles/"))
    for table in (SITE_ROLES, PROGRAMME_ROLES, MEMBER_ROLES, PART_ROLES):
        for role in table.values():
            assert str(role.label) in told and str(role.sentence) in told
    assert all(line.label in told for table in matrix() for line in table.lines)


def test_with_a_role_it_says_what_that_may_and_in_which_states(client, cast):
    client.force_login(cast.otto)
    answer = client.get("/desk/roles/?role=signatory")
    rows = [words(row) for row in soup(answer).select("main tbody tr")]
    assert any("Sign it, or decline" in row and "Out for signature" in row for row in rows)
    assert not any("Send it for signature" in row for row in rows)
    empty = client.get("/desk/roles/?role=applicant")
    assert "Nothing is open to this role yet" in page(empty)
    wrong = client.get("/desk/roles/?role=nobody")
    assert "There is no such role" in page(wrong) and wrong.status_code == 200


def test_it_asks_nothing_of_the_database_but_who_is_there(client, cast, django_assert_max_num_queries):
    client.force_login(cast.otto)
    with django_assert_max_num_queries(3):
        client.get("/desk/roles/")
