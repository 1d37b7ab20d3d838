"""Checking how a mapping file fills one field, and turning that into a Spec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext as _

from core.imports.dates import Order, Partial, as_strptime
from core.imports.mapping import Link, Otherwise, Said, Source, Spec, Split, Take
from core.imports.scalars import As, Decimals, NoValue, Reading, convert
from core.imports.schema import Field, Kind, Schema
from core.imports.words import fold, loose, strip
from core.imports.yamltext import Node

SOURCES = ("column", "columns", "either", "constant", "template")
COMMON = (*SOURCES, "join", "split", "item", "take", "values", "otherwise", "blank", "as", "keep_raw")
LINKS = ("by", "refer", "against", "match", "absent", "create")
BY_TYPE = {"date": ("date", "partial"), "year": ("date",), "integer": ("decimal",), "number": ("decimal",), "reference": LINKS}
EVERY = (*COMMON, *LINKS, "date", "partial", "decimal")
SEPARATORS = {"comma": ",", "semicolon": ";", "pipe": "|", "tab": "\t", "newline": "\n", "slash": "/", "space": " "}


@dataclass(frozen=True)
class Checker:
    """Checks field specs against a schema; `nested` is inside a create, where none may be made again."""

    schema: Schema
    nested: bool = False

    def specs(self, node: Node, kind: Kind) -> tuple[Spec, ...]:
        """All fields of a record."""
        if not isinstance(node.value, dict) or not node.value:
            node.complain(_("Say here which column fills which field (field: column)."))
            return ()
        found = []
        for name, value in node.value.items():
            if name not in kind.by_name:
                node.unknown(_("There is no field “%(name)s” in this kind."), name, tuple(kind.by_name))
            elif spec := self.spec(node.at(value, _("field %s") % name), kind, kind.by_name[name]):
                found.append(spec)
        return tuple(found)

    def spec(self, node: Node, kind: Kind, field: Field) -> Spec | None:
        """One field; None after a complaint."""
        if isinstance(node.value, str) and strip(node.value):
            split = Split(auto=True, brackets=True) if field.many else None
            link = Link(self.schema.by_name[field.refers_to].called_by()) if field.refers_to else None
            return Spec(field, (column(node.value),), split, otherwise=default_otherwise(field), link=link)
        if not isinstance(node.value, dict):
            node.complain(_("Name a column here, or options such as “column: …”."))
            return None
        allowed = (*COMMON, *BY_TYPE.get(field.type, ()))
        self.misplaced(node, field, allowed)
        options = {name: value for name, value in node.options(EVERY).items() if name in allowed}
        sources = self.sources(node, options, field)
        if not sources:
            return None
        spec = Spec(
            field,
            sources,
            self.split(node, options, field, len(sources)),
            self.values(node, options, field),
            self.otherwise(node, options, field),
            self.said(node.at(options["blank"], "blank"), field) if "blank" in options else None,
            self.take(node, options),
            self.reading(node, options),
            self.keep_raw(node, options, kind),
            self.link(node, options, kind, field),
        )
        if spec.split and len(sources) > 1:
            node.complain(_("With “split” there can be only one column under “by”."))
        self.constant(node, spec)
        return spec

    def misplaced(self, node: Node, field: Field, allowed: tuple[str, ...]) -> None:
        for name in node.value if isinstance(node.value, dict) else ():
            if name in EVERY and name not in allowed:
                sentence = _("“%(name)s” is no option for a field of type %(type)s.")
                node.complain(sentence % {"name": name, "type": field.type})

    def sources(self, node: Node, options: dict[str, object], field: Field) -> tuple[Source, ...]:
        given = [name for name in (*SOURCES, "by") if name in options]
        if len(given) != 1:
            possible = ", ".join((*SOURCES, "by") if field.refers_to else SOURCES)
            node.complain(_("Exactly one of these says where the value comes from: %s.") % possible)
            return ()
        how = given[0]
        inside = node.at(options[how], how)
        if "join" in options and how != "columns":
            node.complain(_("“join” belongs to “columns”."))
        if how == "by":
            return tuple(column(name) for name in inside.texts())
        if how == "constant":
            return (Source("constant", text=text),) if (text := inside.text()) else ()
        if how == "template":
            return self.template(inside)
        names = tuple(strip(name) for name in (inside.texts() if how != "column" else (inside.text(),)) if name)
        if not names:
            return ()
        if how == "column":
            return (column(names[0]),)
        if how == "either":
            return (Source("either", names),)
        if field.many and "join" not in options:
            return (Source("list", names),)
        joiner = options.get("join", " ")
        return (Source("join", names, text=joiner if isinstance(joiner, str) else " "),)

    def template(self, node: Node) -> tuple[Source, ...]:
        """A text with columns in braces; a brace itself is written twice."""
        text = node.text()
        parts: list[tuple[bool, str]] = []
        literal, place = "", 0
        while place < len(text):
            if text[place : place + 2] in ("{{", "}}"):
                literal, place = literal + text[place], place + 2
            elif text[place] == "{":
                end = text.find("}", place)
                if end < 0 or not text[place + 1 : end].strip():
                    node.complain(_("A brace is opened that is not closed, or holds no column."))
                    return ()
                parts += [(False, literal), (True, text[place + 1 : end].strip())]
                literal, place = "", end + 1
            else:
                literal, place = literal + text[place], place + 1
        columns = tuple(dict.fromkeys(name for is_column, name in parts if is_column))
        if text and not columns:
            node.complain(_("A template names at least one column in braces; for a fixed text use “constant”."))
            return ()
        return (Source("template", columns, parts=(*parts, (False, literal))),) if text else ()

    def split(self, node: Node, options: dict[str, object], field: Field, sources: int) -> Split | None:
        if "split" not in options:
            if "item" in options and not field.many:
                node.complain(_("“item” belongs to “split”."))
            listed = field.many and sources == 1 and "columns" not in options and "constant" not in options
            item = node.at(options["item"], "item").text() if "item" in options else ""
            return Split(auto=True, brackets=True, item=item) if listed else None
        return split(node.at(options["split"], "split"), options.get("item"))

    def values(self, node: Node, options: dict[str, object], field: Field) -> dict[str, Said]:
        if "values" not in options:
            return {}
        node = node.at(options["values"], "values")
        if not isinstance(node.value, dict):
            node.complain(_("A table of values is expected here (what the file says: what it means)."))
            return {}
        found: dict[str, Said] = {}
        for raw, meaning in node.value.items():
            said = self.said(node.at(meaning, f"“{raw}”"), field)
            if found.setdefault(fold(raw), said) != said:
                node.complain(_("“%s” is given twice, in different spellings and with different meanings.") % raw)
        return found

    def said(self, node: Node, field: Field) -> Said:
        """A value, nothing (blank), or {is: value, say: a note}."""
        value, say = node.value, ""
        if isinstance(value, dict):
            options = node.options(("is", "say"))
            value = options.get("is")
            say = node.at(options["say"], "say").text() if "say" in options else ""
        if value is None or value == "":
            return Said(None, say)
        if not isinstance(value, str):
            node.complain(_("One text is expected here."))
            return Said(None, say)
        if field.choices and loose(value) not in {loose(choice) for choice in field.choices}:
            node.unknown(_("“%(name)s” is no value of this field."), value, field.choices)
        return Said(value, say)

    def otherwise(self, node: Node, options: dict[str, object], field: Field) -> Otherwise:
        value = options.get("otherwise")
        if "otherwise" not in options:
            return default_otherwise(field)
        inside = node.at(value, "otherwise")
        if isinstance(value, dict):
            return self.said(inside, field)
        return cast(Otherwise, inside.one_of(("keep", "fault", "blank"), "keep"))

    def take(self, node: Node, options: dict[str, object]) -> Take:
        value = options.get("take", "")
        if value == "" or isinstance(value, dict):
            return ""
        return cast(Take, node.at(value, "take").one_of(("first", "last")))

    def reading(self, node: Node, options: dict[str, object]) -> Reading:
        order: Order = ""
        formats: tuple[str, ...] = ()
        if "date" in options:
            inside = node.at(options["date"], "date")
            words = inside.texts()
            if words and words[0] in ("day-first", "month-first", "auto"):
                order = cast(Order, "" if words[0] == "auto" else words[0])
            else:
                formats = self.formats(inside, words)
        return Reading(
            order,
            formats,
            cast(Partial, self.word(node, options, "partial", ("start", "end", "refuse")) or "start"),
            cast(Decimals, self.word(node, options, "decimal", (".", ","))),
            cast(As, self.word(node, options, "as", ("lower", "upper", "slug", "plain"))),
        )

    def formats(self, node: Node, forms: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(as_strptime(form) for form in forms)
        for form, written in zip(found, forms, strict=True):
            # A form without a year would read every date as one of 1900.
            if not any(letter in form for letter in ("%Y", "%y", "%x", "%c", "%G")):
                node.unknown(_("“%(name)s” is no form of a date."), written, ("day-first", "month-first", "DD.MM.YYYY"))
        return found

    def word(self, node: Node, options: dict[str, object], name: str, known: tuple[str, ...]) -> str:
        return node.at(options[name], name).one_of(known) if name in options else ""

    def keep_raw(self, node: Node, options: dict[str, object], kind: Kind) -> str:
        if "keep_raw" not in options:
            return ""
        known = tuple(field.name for field in kind.fields if field.type == "text" and not field.many)
        return node.at(options["keep_raw"], "keep_raw").one_of(known)

    def link(self, node: Node, options: dict[str, object], kind: Kind, field: Field) -> Link | None:
        if not field.refers_to:
            return None
        target = self.schema.by_name[field.refers_to]
        self.word(node, options, "refer", (target.name,))
        against = target.called_by()
        if "against" in options:
            inside = node.at(options["against"], "against")
            against = tuple(name for name in inside.texts() if inside.at(name, name).one_of(tuple(target.by_name)))
        create: tuple[Spec, ...] = ()
        if "create" in options:
            if self.nested:
                node.complain(_("Inside “create” nothing else can be created."))
            else:
                create = Checker(self.schema, nested=True).specs(node.at(options["create"], "create"), target)
            made = {spec.field.name for spec in create}
            # A key of one field may be left out: it is the cell itself.
            if len(target.key) > 1 and not made.issuperset(target.key):
                node.complain(_("“create” must fill the key: %s.") % ", ".join(target.key))
        absent = self.word(node, options, "absent", ("blank", "refuse", "create"))
        if absent == "create" and "create" not in options:
            node.complain(_("“absent: create” needs “create” with the fields of the new record."))
        if absent in ("blank", "refuse") and create:
            node.complain(_("“create” goes with “absent: create”."))
        return Link(
            against,
            self.word(node, options, "match", ("exact", "loose")) == "exact",
            "create" if create else "refuse" if absent == "refuse" else "blank",
            create,
            self.agree(node, options, kind, target),
        )

    def agree(self, node: Node, options: dict[str, object], kind: Kind, target: Kind) -> tuple[str, str] | None:
        if not isinstance(options.get("take"), dict):
            return None
        inside = node.at(options["take"], "take")
        own = inside.at(inside.options(("agree",)).get("agree"), "agree")
        known = tuple(field.name for field in kind.fields if field.type == "reference" and not field.many)
        name = own.one_of(known)
        if not name:
            return None
        kindred = [field for field in target.fields if field.refers_to == kind.by_name[name].refers_to]
        found = next((field for field in kindred if field.name == name), kindred[0] if kindred else None)
        if not found:
            own.complain(_("%(kind)s have no field that refers to the same kind.") % {"kind": target.name})
            return None
        return name, found.name

    def constant(self, node: Node, spec: Spec) -> None:
        for source in spec.sources:
            if source.how == "constant" and not spec.values and not spec.split:
                try:
                    convert(spec.field, source.text, spec.reading)
                except NoValue as error:
                    node.complain(str(error))


def column(name: str) -> Source:
    return Source("column", (strip(name),))


def default_otherwise(field: Field) -> Otherwise:
    return "fault" if field.choices else "keep"


def split(node: Node, item: object = None) -> Split:
    """“json”, “auto”, a separator, its name, or several of them."""
    name = item if isinstance(item, str) else ""
    # A separator may be a blank or a tab, so this is no text as others are.
    given = node.value if isinstance(node.value, list) else [node.value]
    words = [word for word in given if isinstance(word, str) and word]
    if not words or len(words) != len(given):
        node.complain(_("A separator is expected here, or “json” or “auto”."))
        return Split()
    if "auto" in words:
        return Split(auto=True, brackets=True, item=name)
    separators = tuple(SEPARATORS.get(word, word) for word in words if word != "json")
    return Split(separators, brackets="json" in words, item=name)
