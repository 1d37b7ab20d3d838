"""Reading the YAML of a mapping file: texts stay texts, nothing is said twice, and a mistake has its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.imports.faults import ImportRefused
from core.imports.words import nearest

LONGEST = 300_000
# Enough to reuse a table of values; too few to blow a small file up to gigabytes.
MOST_ALIASES = 30


class MappingRefused(ImportRefused):
    """A mapping file with mistakes; `mistakes` are sentences, each with its place."""

    def __init__(self, name: str, mistakes: list[str]) -> None:
        super().__init__("\n".join(f"{name}: {mistake}" for mistake in mistakes))
        self.mistakes = mistakes


def read_yaml(text: str, name: str) -> object:
    """Mappings, lists, texts and None. "no", "2014-06-01" and "007" stay the texts they are. Raises MappingRefused."""
    # Slow to import, and needed only by who imports.
    import yaml

    class Texts(yaml.SafeLoader):
        """The safe loader with two differences: only null is not a text, and a name given twice is a mistake."""

        yaml_implicit_resolvers = {
            letter: [(tag, pattern) for tag, pattern in found if tag.endswith((":null", ":merge"))]
            for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen = set()
            for key, _value in node.value if isinstance(node, yaml.MappingNode) else ():
                if key.tag.endswith(":merge"):
                    continue
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.constructor.ConstructorError(None, None, _("a name must be a text"), key.start_mark)
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, _("“%s” is given twice") % key.value, key.start_mark)
                seen.add(key.value)
            return {"" if key is None else key: value for key, value in super().construct_mapping(node, deep=deep).items()}

    if len(text) > LONGEST:
        raise MappingRefused(name, [_("This mapping file is larger than any should be.")])
    try:
        aliases = sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader))
        if aliases > MOST_ALIASES:
            raise MappingRefused(name, [_("This mapping file has more than %(most)d aliases.") % {"most": MOST_ALIASES}])
        return yaml.load(text, Loader=Texts)  # noqa: S506 (a SafeLoader that resolves less)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MappingRefused(name, [_("line %(line)d: %(problem)s") % {"line": line, "problem": error.problem}])
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise MappingRefused(name, [_("This is no YAML: %(problem)s") % {"problem": error}])


@dataclass(frozen=True)
class Node:
    """A part of the file with its place; what is wrong with it is collected, so that a person sees all of it at once."""

    value: object
    place: str
    mistakes: list[str]

    def complain(self, sentence: str) -> None:
        self.mistakes.append(f"{self.place}: {sentence}" if self.place else sentence)

    def at(self, value: object, place: str) -> Node:
        return Node(value, f"{self.place}, {place}" if self.place else place, self.mistakes)

    def options(self, allowed: tuple[str, ...]) -> dict[str, object]:
        """The value as options, those that are unknown complained of and left out."""
        if not isinstance(self.value, dict):
            self.complain(_("Names with values are expected here (name: value)."))
            return {}
        for name in self.value:
            if name not in allowed:
                self.unknown(_("There is no option “%(name)s” here."), name, allowed)
        return {name: value for name, value in self.value.items() if name in allowed}

    def unknown(self, sentence: str, name: str, known: tuple[str, ...]) -> None:
        """Complain of a name that is not known, and say which was probably meant."""
        meant = nearest(name, known)
        hint = _("Did you mean “%(meant)s”?") % {"meant": meant} if meant else _("Known are: %s.") % ", ".join(known)
        self.complain(f"{sentence % {'name': name}} {hint}")

    def text(self) -> str:
        """One text; "" and a complaint for anything else."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self.complain(_("A text is expected here."))
        return ""

    def texts(self) -> tuple[str, ...]:
        """One text, or a list of them."""
        if isinstance(self.value, list) and self.value:
            return tuple(text for place, each in enumerate(self.value, start=1) if (text := self.at(each, f"[{place}]").text()))
        return (text,) if (text := self.text()) else ()

    def items(self) -> list[object]:
        """A list that is not empty."""
        if isinstance(self.value, list) and self.value:
            return self.value
        self.complain(_("A list is expected here, with at least one entry."))
        return []

    def one_of(self, known: tuple[str, ...], default: str = "") -> str:
        """One of these words."""
        if isinstance(self.value, str) and self.value in known:
            return self.value
        self.unknown(_("“%(name)s” is not possible here."), str(self.value), known)
        return default
