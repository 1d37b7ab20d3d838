"""What the tests of the house look at: sources, templates, routes, actions, the order of the apps."""

import ast
import inspect
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import URLPattern, get_resolver

from core.audit import REDACTED

ROOT = Path(__file__).resolve().parents[1]
ORDER: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
RANK = {name: -place for place, name in enumerate(ORDER)}


@cache
def sources() -> tuple[tuple[Path, str, ast.AST], ...]:
    """(path, kind, tree) of every module but migrations; kind is the layer: "views" for mou/views/agreement.py too."""
    return tuple(
        (path.relative_to(ROOT), _kind(path.relative_to(ROOT)), ast.parse(path.read_text()))
        for app in ORDER
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.relative_to(ROOT).parts
    )


def _kind(path: Path) -> str:
    return path.parts[1].removesuffix(".py")


def templates() -> Iterator[tuple[str, Path, str]]:
    """(app, path, text) of every template."""
    for app in ORDER:
        for path in sorted((ROOT / app / "templates").rglob("*.*")):
            yield app, path.relative_to(ROOT), path.read_text()


def actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """(dotted name, function) of every public function of an actions module."""
    for path, kind, _tree in sources():
        if kind != "actions" or path.parts[0] == "core":
            continue
        module = import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.__name__:
                yield f"{module.__name__}.{name}", function


def routes() -> dict[str, tuple[str, Any]]:
    """Name -> (address with <blanks>, view) of every route of ours, "app:name" where it has a space."""
    found: dict[str, tuple[str, Any]] = {}

    def walk(patterns: Any, address: str, space: str) -> None:
        for pattern in patterns:
            here = address + str(pattern.pattern)
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns, here, f"{pattern.namespace}:" if pattern.namespace else space)
            elif pattern.callback.__module__.split(".")[0] in RANK:
                found[space + (pattern.name or here)] = (f"/{here}", pattern.callback)

    walk(get_resolver().url_patterns, "", "")
    return found


def called(node: ast.AST) -> str:
    """The name of the method or function that this node calls."""
    return getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""


class Recorded:
    """What the sources record: {verb: names of the facts that every place gives}."""

    def __init__(self) -> None:
        self.verbs: dict[str, list[tuple[str, set[str]]]] = {}
        self.unread: list[str] = []
        self.moves = {}
        trees = [(path, tree) for path, _kind, tree in sources()]
        for _path, tree in trees:
            self.moves |= dict(self._machines(tree))
        for path, tree in trees:
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef) and path.as_posix() != "core/states.py":
                    self._read(path, function)

    def _machines(self, tree: ast.AST) -> Iterator[tuple[tuple[str, str], str]]:
        """((machine, move), verb)"""
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and called(node.value) == "Machine":
                for move in node.value.args[1:]:
                    yield (node.targets[0].id, move.args[0].value), move.args[3].value

    def _read(self, path: Path, function: ast.FunctionDef) -> None:
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func) == "audit.record" and path.as_posix() != "core/landing.py":
                self._add(path, node, node.args[0], self._facts(function, node.keywords))
            elif ast.unparse(node.func) == "record" and path.as_posix() == "core/audit.py":
                self._add(path, node, ast.Constant(REDACTED), self._facts(function, node.keywords))
            elif called(node) == "apply" and ast.unparse(node.func.value).isupper():
                verb = self.moves.get((ast.unparse(node.func.value), node.args[0].value))
                note = [keyword for keyword in node.keywords if keyword.arg == "note"]
                facts = self._names(function, note[0].value) if note else set()
                self._add(path, node, ast.Constant(verb), None if facts is None else facts | {"old", "new"})
            elif called(node) == "Landing":
                verbs = [keyword.value for keyword in node.keywords if keyword.arg == "verb"]
                for verb in verbs:
                    self._add(path, node, verb, {"source"})

    def _facts(self, function: ast.FunctionDef, keywords: list[ast.keyword]) -> set[str] | None:
        given: set[str] = set()
        for keyword in keywords:
            names = {keyword.arg} if keyword.arg else self._names(function, keyword.value)
            if names is None:
                return None
            given |= names - {"by"}
        return given

    def _names(self, function: ast.FunctionDef, node: ast.AST) -> set[str] | None:
        """The keys of a dictionary that is written out, here or where this function fills the name."""
        if isinstance(node, ast.Dict):
            parts = [
                {key.value} if isinstance(key, ast.Constant) else self._names(function, value) if key is None else None
                for key, value in zip(node.keys, node.values, strict=True)
            ]
            return None if None in parts else set().union(*parts)
        if isinstance(node, ast.Name):
            for found in ast.walk(function):
                if isinstance(found, ast.Assign) and ast.unparse(found.targets[0]) == node.id:
                    return self._names(function, found.value)
        return None

    def _add(self, path: Path, node: ast.Call, verb: ast.AST, facts: set[str] | None) -> None:
        if not (isinstance(verb, ast.Constant) and isinstance(verb.value, str)) or facts is None:
            self.unread.append(f"{path}:{node.lineno}")
        else:
            self.verbs.setdefault(verb.value, []).append((f"{path}:{node.lineno}", facts))
