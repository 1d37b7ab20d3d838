"""The rules of the house that the import linter cannot see."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.template.engine import Engine

from core import access, audit, front
from core.jobs import ask_daily
from tests import house
from tests.house import ORDER, RANK, ROOT, Recorded, called, sources

Test = Callable[[str, str, ast.AST], Any]


def places(test: Test) -> list[str]:
    """Where in our sources the test finds something: "mou/views.py:12 save"."""
    return [
        f"{path}:{node.lineno} {found}"
        for path, kind, tree in sources()
        for node in ast.walk(tree)
        if (found := test(path.as_posix(), kind, node))
    ]


# ------------------------------------------------------------------------------------------------- who writes

CORE_WRITERS = {
    "core/access.py": "shares: called by actions",
    "core/action.py": "lock, next_number and store: called by actions",
    "core/audit.py": "the end of every action",
    "core/erasing.py": "rows of somebody who is erased: called by an action",
    "core/files.py": "files, not rows",
    "core/jobs.py": "the clock, and jobs whose worker was killed",
    "core/landing.py": "imported rows: called by actions",
    "core/notify.py": "messages: actions of core",
    "core/states.py": "the Machine",
    "core/triggers.py": "called by migrations",
}
WRITES = {
    "save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "create_user", "create_superuser", "select_for_update", "share", "unshare", "execute",
    "executemany", "guardian_assign", "assign_perm", "remove_perm",
}  # fmt: skip
MANAGER = (
    "accounts/models/person.py"  # Django asks for create_user() on the manager of users; actions and createsuperuser call it
)


def test_only_actions_write():
    def writes(path: str, kind: str, node: ast.AST) -> Any:
        if kind == "actions" or path in CORE_WRITERS or called(node) not in WRITES:
            return None
        if path == MANAGER and called(node) in {"save", "create_user"}:
            return None
        return called(node)

    assert places(writes) == []


# These are handed what a person sees; they never go and get it.
HANDED = {
    "views", "api", "reports", "inbox", "panels", "templatetags", "forms", "filters", "notices", "documents", "feeds",
    "sitemaps", "wagtail_hooks", "imports",
}  # fmt: skip
DOORS = {"objects", "_base_manager", "_default_manager", "visible_to", "get_model", "get_models", "get_object_or_404"}


def test_pages_and_exports_are_handed_what_may_be_seen_and_do_not_fetch():
    def fetches(path: str, kind: str, node: ast.AST) -> Any:
        name = node.attr if isinstance(node, ast.Attribute) else called(node)
        return kind in HANDED and name in DOORS and name

    assert places(fetches) == []


SETTERS = {"core/states.py", "core/action.py", "core/landing.py"}  # the Machine; store() and place(), which refuse a state


def test_only_the_machine_moves_a_state():
    def moves(path: str, kind: str, node: ast.AST) -> Any:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "state":
            return "assigns state"
        name = called(node)
        if name in {"setattr", "__setattr__", "delattr"} and path not in SETTERS:
            return name
        if not isinstance(node, ast.Call):
            return None
        given = {keyword.arg for keyword in node.keywords}
        if name in {"update", "update_or_create", "bulk_update"} and path not in CORE_WRITERS and given & {"state", None}:
            return f"{name}(state=) or {name}(**)"
        if name == "apply" and "state" in given:
            return "apply(state=)"
        return None

    assert places(moves) == []


@pytest.mark.parametrize("field", ["state"])
def test_what_sets_fields_by_name_refuses_a_state(cast, field):
    from core.action import action, store

    @action
    def move(*, by: Any = access.HOUSE) -> None:
        store(cast.cycle, {field: "published"})

    with pytest.raises(ValueError, match="moved by its Machine"):
        move()


NOBODY_ACTS = {"accounts.actions.person.ask_password_link": "nobody is signed in, and nothing is recorded"}


def test_every_action_is_one_and_says_who_acts():
    wrong = []
    for name, function in house.actions():
        parameters = inspect.signature(function).parameters.values()
        named_only = all(parameter.kind in {parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD} for parameter in parameters)
        who = "by" in {parameter.name for parameter in parameters} or name in NOBODY_ACTS
        if not (hasattr(function, "is_action") and named_only and who):
            wrong.append(name)
    assert wrong == []
    assert len(list(house.actions())) > 40  # they were found at all
    assert hasattr(ask_daily, "is_action")


# ------------------------------------------------------------------------------------------------- what points where


def test_relations_point_down_belong_to_people_and_leave_no_upward_handle():
    wrong = []
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in RANK:
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model and field.related_model._meta.app_label
            if target not in RANK or field.auto_created:
                continue
            if field.related_model.__name__ == "Person" and field.remote_field.on_delete.__name__ != "PROTECT":
                wrong.append(f"{field} must be PROTECT")
            if field.related_model is get_user_model() and not issubclass(model, access.Share):
                wrong.append(f"{field} belongs to a Person, not to a sign-in")
            if target == app:
                continue
            if RANK[target] > RANK[app]:
                wrong.append(f"{field} points up to {target}")
            if not field.remote_field.hidden and not issubclass(model, access.Share):
                wrong.append(f"{field} needs related_name='+'")
    assert wrong == []


def _spaces() -> dict[str, str]:
    """Route name -> app, for the names that have no space of their own."""
    return {name: view.__module__.split(".")[0] for name, (_, view) in house.routes().items() if ":" not in name}


def _libraries() -> dict[str, str]:
    """Tag library -> app that has it."""
    return {name: module.split(".")[0] for name, module in Engine.get_default().libraries.items()}


# By these names Django and allauth know the doors of the site, wherever its pages are: the frame of a page leads to them.
DOORS_OF_THE_SITE = {"account_login", "account_logout"}


def test_templates_point_down():
    spaces, libraries, wrong = _spaces(), _libraries(), []
    tag = re.compile(r"""\{%\s*(extends|include|url|load)\s+([^%]*?)\s*%\}""")
    for app, path, text in house.templates():
        for kind, rest in tag.findall(text):
            words = rest.split()
            names = [libraries.get(word, "") for word in words] if kind == "load" else [words[0].strip("'\"")]
            for name in names:
                target = re.split(r"[:/]", name)[0]
                target = spaces.get(name, target) if kind == "url" else target
                if target in RANK and RANK[target] > RANK[app] and name not in DOORS_OF_THE_SITE:
                    wrong.append(f"{path} reaches up to {name}")
    assert wrong == []


def test_addresses_and_templates_named_in_python_point_down():
    spaces = _spaces()

    def reaches_up(path: str, kind: str, node: ast.AST) -> Any:
        app = path.split("/")[0]
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            return None
        found = re.fullmatch(r"([a-z]+)[:/][a-z_/]+(\.[a-z]+)?", node.value)
        target = found[1] if found else spaces.get(node.value, "")
        up = target in RANK and RANK[target] > RANK[app] and node.value not in DOORS_OF_THE_SITE
        return up and node.value

    assert places(reaches_up) == []


def test_a_folder_of_a_layer_holds_only_nouns_of_its_app():
    wrong = []
    for app in ORDER[1:]:
        models = {model._meta.model_name for model in apps.get_app_config(app).get_models()}
        for path in (ROOT / app).glob("*/*.py"):
            if app == "core" or path.parent.name in {"migrations", "management", "templatetags", "demo"}:
                continue  # core has no domain and so no nouns; its folders are packages. A demo is a story in chapters
            if path.stem not in models | {"__init__"}:
                wrong.append(f"{path.relative_to(ROOT)} is no noun of {app}")
    assert wrong == []


DOMAIN = {
    "agreement", "agreements", "organisation", "organisations", "organization", "programme", "programmes", "placement",
    "placements", "fellow", "fellows", "fellowship", "fellowships", "mou", "mous", "partner", "partners", "partnership",
    "partnerships", "cohort", "cohorts", "signatory", "signatories", "obligation", "obligations", "hackathon", "hackathons",
}  # fmt: skip


def test_core_knows_no_word_of_any_domain():
    def words(path: str, kind: str, node: ast.AST) -> Any:
        if not path.startswith("core/"):
            return None
        names = [getattr(node, name, None) for name in ("id", "attr", "name", "arg", "asname", "module")]
        split = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
        found = {word.lower() for name in names if isinstance(name, str) for word in split.findall(name)}
        return sorted(found & DOMAIN)

    assert places(words) == []


def test_every_app_of_ours_has_a_front_page():
    assert [app for app in ORDER[1:] if not isinstance(apps.get_app_config(app), front.Front)] == []


# ------------------------------------------------------------------------------------------------- routes

PUBLIC = {
    "account_login", "account_logout", "mfa_authenticate", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "provider_begin", "provider_return",
    "invitation", "invitation_open", "invitation_sent",
    "case_study_list", "case_study_feed", "public_anchor_list", "public_organisation_list", "public_organisation",
    "public_cycle_list", "public_cycle", "public_agreement_list", "public_agreement", "public_hackathon_list", "public_hackathon",
    "rendition", "sitemap", "robots", "cms_login", "cms_logout", "cms_password_reset", "util_login", "no_passwords",
}  # fmt: skip


def test_every_route_names_its_rule():
    assert [name for name, (_, view) in house.routes().items() if not hasattr(view, "guarded_by")] == []


def test_public_routes_are_these_and_no_other():
    """Both ways in which a page may be public: its rule is for anyone, or Django lets anyone through to it."""
    found = house.routes()
    by_rule = {name for name, (_, view) in found.items() if getattr(view, "guarded_by", None) is access.anyone}
    let_through = {name for name, (_, view) in found.items() if not getattr(view, "login_required", True)}
    assert by_rule == let_through == PUBLIC


def test_no_recorded_route_has_gone_and_every_route_is_recorded():
    """tests/routes.txt: an address that somebody may have kept. One that goes is replaced by a redirect, not deleted."""
    recorded = (ROOT / "tests" / "routes.txt").read_text().splitlines()
    assert recorded == sorted(f"{address} {name}" for name, (address, _) in house.routes().items())


# ------------------------------------------------------------------------------------------------- the chain in words


def test_the_facts_of_every_event_can_be_read_from_the_source():
    """A verb is a plain string and its facts are named where they are recorded, so that the next test can compare them."""
    assert Recorded().unread == []


BY_MIGRATIONS = ["chain.relinked"]


def test_every_verb_that_is_recorded_has_its_sentence_and_every_sentence_its_verb():
    assert sorted(audit.sentences()) == sorted([*Recorded().verbs, *BY_MIGRATIONS])


def test_a_sentence_names_only_what_is_recorded_with_its_verb():
    wrong = []
    recorded = Recorded().verbs
    for verb, sentence in audit.sentences().items():
        named = set(re.findall(r"%\((\w+)\)s", str(sentence))) - {"who"}
        wrong += [f"{verb} at {place} lacks {sorted(named - facts)}" for place, facts in recorded.get(verb, []) if named - facts]
    assert wrong == []


# ------------------------------------------------------------------------------------------------- what is never written

SAFE = {"core/templatetags/ui.py": "rendered by a template, drawn by the icon library, or computed from numbers: four places"}
UNSAFE = re.compile(r"\bmark_safe\b|\|\s*safe\b|\|\s*safeseq\b|\bcsrf_exempt\b|\bRawHTMLBlock\b|\.raw\(|\.extra\(|\bRawSQL\b")


def texts(*endings: str) -> Iterator[tuple[str, str]]:
    """(path, text) of every file of the apps, the scripts and the tests with one of these endings."""
    for folder in [*ORDER, "tests", "script"]:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in endings and not {"__pycache__", "node_modules"} & set(path.parts):
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def test_nothing_passes_by_escaping_csrf_or_the_query_compiler():
    found = [
        f"{path}:{number} {line.strip()}"
        for path, text in texts(".py", ".html", ".txt")
        if not path.startswith("tests/") and path not in SAFE
        for number, line in enumerate(text.splitlines(), start=1)
        if UNSAFE.search(line) or (path.endswith(".html") and "autoescape off" in line)
    ]
    assert found == []
    ui = (ROOT / "core/templatetags/ui.py").read_text()
    assert len(re.findall(r"mark_safe\(", ui)) == 4, SAFE


STYLED = {"core/templates/core/mail.html": "mail programs load no style sheet"}


def test_no_template_carries_style_or_script_of_its_own():
    """The content policy would not let it run: it would only be missed when somebody looks."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=[\"']|href=[\"']javascript:", re.IGNORECASE)
    found = [
        f"{path} {hit[0]}" for _, path, text in house.templates() for hit in inline.finditer(text) if str(path) not in STYLED
    ]
    assert found == []


LONG = {
    "config/settings.py": "one settings file, read from top to bottom",
    "core/templates/core/gallery.html": "every component in every state, one after the other",
    "core/templatetags/ui.py": "one short function a component: pages load one library",
    "tests/core/test_ui_components.py": "one table: every component with its markup",
    "tests/test_access_table.py": "one table: every route on a line",
}


def test_no_file_grows_past_what_one_reads_at_once():
    """400 lines, a template 200, short tests in a row 600. A file that passes that is split by noun, or says here why not."""
    limits = {".py": 400, ".css": 400, ".js": 400, ".sh": 400, ".html": 200, ".txt": 400}
    lengths = {path: len(text.splitlines()) for path, text in texts(*limits) if path != "tests/routes.txt"}
    tests = {path: 600 for path in lengths if path.startswith("tests/")}
    long = {path for path, lines in lengths.items() if lines > tests.get(path, limits[Path(path).suffix])}
    assert long == LONG.keys()


def test_a_view_is_read_at_a_glance():
    def long(path: str, kind: str, node: ast.AST) -> Any:
        lines = node.end_lineno - node.lineno + 1 if kind == "views" and isinstance(node, ast.FunctionDef) else 0
        return lines > 30 and f"{node.name}: {lines} lines"

    assert places(long) == []


def test_nothing_is_left_to_be_done():
    later = re.compile(rf"\b({'TO'}DO|{'FIX'}ME)\b")
    endings = (".py", ".html", ".txt", ".css", ".js", ".sh", ".md", ".toml", ".yaml", "")
    assert [path for path, text in texts(*endings) if later.search(text)] == []


def test_a_migration_that_changes_what_is_there_says_why_that_is_safe():
    """In the docstring of the module or in a comment that somebody wrote."""
    changes = ("Remove", "Delete", "Rename", "Alter")
    harmless = {"AlterModelOptions", "AlterModelManagers"}
    wrong = []
    for app in ORDER[1:]:
        for path in sorted((ROOT / app / "migrations").glob("*.py")):
            if path.stem.endswith("_initial"):
                continue  # makes the tables; nothing was there before it
            text = path.read_text()
            tree = ast.parse(text)
            made = {called(node) for node in ast.walk(tree)} - harmless
            said = ast.get_docstring(tree) or re.search(r"^ *# (?!Generated by Django)", text, re.MULTILINE)
            if any(name.startswith(changes) for name in made) and not said:
                wrong.append(path.relative_to(ROOT).as_posix())
    assert wrong == []
