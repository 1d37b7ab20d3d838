"""Reading and checking mapping files: every mistake is a sentence with its place, and all are told at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from core.imports.decoding import NoText, decode
from core.imports.mapping import PSEUDO, VERSION, Each, Expect, Mapping, RecordSpec, TableSpec, Test
from core.imports.schema import Schema
from core.imports.specs import Checker, split
from core.imports.tables import Options
from core.imports.words import fold, strip
from core.imports.yamltext import MappingRefused, Node, read_yaml

TOP = ("schema", "id", "title", "source", "for", "blanks", "tables", "about")
TABLE = (
    "name", "file", "columns", "optional", "encoding", "delimiter", "quote", "escape", "header", "sheet",
    "blanks", "fill_down", "expect", "records",
)  # fmt: skip
RECORD = ("kind", "fields", "when", "unless", "each", "repeated")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def load_mapping(path_or_text: Path | str, schema: Schema) -> Mapping:
    """A mapping from a file, or from its text (a text has a line break, a path has none).

    Raises MappingRefused with every mistake in it, and OSError if there is no such file.
    """
    name, text = _("mapping"), str(path_or_text)
    if isinstance(path_or_text, Path) or "\n" not in path_or_text:
        name = Path(path_or_text).name
        try:
            text = decode(Path(path_or_text).read_bytes()).text
        except NoText as error:
            raise MappingRefused(name, [str(error)])
    mistakes: list[str] = []
    mapping = read_mapping(Node(read_yaml(text, name), "", mistakes), schema)
    if mistakes or mapping is None:
        raise MappingRefused(name, mistakes)
    return replace(mapping, text=text)


def load_mappings(folder: Path | str, schema: Schema) -> list[Mapping]:
    """The mappings in a folder (*.yaml, *.yml, by name) that are for this schema. Raises MappingRefused and OSError."""
    files = sorted(file for file in Path(folder).iterdir() if file.suffix in (".yaml", ".yml"))
    return [load_mapping(file, schema) for file in files if meant_for(file, schema)]


def meant_for(file: Path, schema: Schema) -> bool:
    """Whether a mapping file is for this import: it says so, or does not say."""
    content = read_yaml(decode(file.read_bytes()).text, file.name)
    return not isinstance(content, dict) or content.get("for") in (None, schema.name)


def read_mapping(node: Node, schema: Schema) -> Mapping | None:
    options = node.options(TOP)
    if not isinstance(node.value, dict):
        return None
    if options.get("schema") != VERSION:
        node.complain(_("The first line must be “schema: %s”.") % VERSION)
    if options.get("for") not in (None, schema.name):
        node.complain(_("This mapping is for “%(other)s”, not for “%(this)s”.") % {"other": options["for"], "this": schema.name})
    mapping_id = node.at(options.get("id"), "id").text()
    blanks = read_blanks(node, options)
    title = node.at(options["title"], "title").text() if "title" in options else mapping_id
    source = node.at(options["source"], "source").text() if "source" in options else mapping_id
    if len(source) > 100 or len(mapping_id) > 100:
        node.complain(_("“id” and “source” have at most 100 characters."))
    tables = []
    for place, value in enumerate(node.at(options.get("tables"), "tables").items(), start=1):
        name = value.get("name") if isinstance(value, dict) else None
        label = _("table %(place)d (%(name)s)") % {"place": place, "name": name} if name else _("table %d") % place
        tables.append(read_table_spec(node.at(value, label), schema, blanks, str(name or place)))
    return Mapping(mapping_id, title, source, tuple(tables))


def read_blanks(node: Node, options: dict[str, object]) -> frozenset[str]:
    """Texts that stand for nothing, such as "n/a"."""
    return frozenset(fold(text) for text in node.at(options["blanks"], "blanks").texts()) if "blanks" in options else frozenset()


def read_table_spec(node: Node, schema: Schema, blanks: frozenset[str], name: str) -> TableSpec:
    options = node.options(TABLE)
    blanks |= read_blanks(node, options)
    records = []
    for place, value in enumerate(node.at(options.get("records"), "records").items(), start=1):
        kind = value.get("kind") if isinstance(value, dict) else None
        label = _("record %(place)d (%(kind)s)") % {"place": place, "kind": kind} if kind else _("record %d") % place
        if record := read_record(node.at(value, label), schema):
            records.append(record)
    spec = TableSpec(
        name,
        tuple(records),
        tuple(strip(text) for text in node.at(options["columns"], "columns").texts()) if "columns" in options else (),
        node.at(options["file"], "file").texts() if "file" in options else (),
        node.at(options.get("optional", "no"), "optional").one_of(("true", "false", "yes", "no")) in ("true", "yes"),
        read_options(node, options),
        blanks,
        node.at(options["fill_down"], "fill_down").texts() if "fill_down" in options else (),
        read_expect(node.at(options["expect"], "expect")) if "expect" in options else (),
    )
    for column in spec.columns:
        if column in PSEUDO:
            node.complain(_("%s is in every table and tells none from another.") % column)
    if not spec.signature() and records:
        node.complain(_("Name at least one column by which this table is known."))
    return spec


def read_options(node: Node, options: dict[str, object]) -> Options:
    """How the file is read. A separator may be a blank, so it is checked by hand."""
    found = Options()
    if "encoding" in options:
        encoding = node.at(options["encoding"], "encoding").text()
        try:
            "a".encode(encoding)
        except (LookupError, UnicodeError, ValueError):
            node.at(encoding, "encoding").complain(_("There is no encoding “%s”.") % encoding)
        found = replace(found, encoding=encoding)
    for name in ("delimiter", "quote", "escape"):
        if name not in options:
            continue
        sign = DELIMITERS.get(str(options[name]), options[name])
        if name == "quote" and sign == "none":
            found = replace(found, quote="")
        elif not isinstance(sign, str) or len(sign) != 1 or sign in "\r\n":
            node.at(sign, name).complain(_("One character is expected here."))
        elif name == "delimiter":
            found = replace(found, delimiter=sign)
        else:
            found = replace(found, quote=sign) if name == "quote" else replace(found, escape=sign)
    if "header" in options:
        number = str(options["header"])
        if not (number.isdecimal() and 0 < int(number[:6]) <= 1000):
            node.at(number, "header").complain(_("The number of the row of column names is expected here, 1 to 1000."))
        else:
            found = replace(found, header=int(number))
    if "sheet" in options:
        found = replace(found, sheet=node.at(options["sheet"], "sheet").text())
    return found


def read_expect(node: Node) -> tuple[Expect, ...]:
    """A column, a list of columns, columns with sentences, or a list of {column, say, once}."""
    if isinstance(node.value, dict) and "column" not in node.value:
        return tuple(Expect(strip(column), node.at(say, column).text()) for column, say in node.value.items())
    found = []
    for place, value in enumerate(node.value if isinstance(node.value, list) else [node.value], start=1):
        inside = node.at(value, f"[{place}]")
        if isinstance(value, dict):
            options = inside.options(("column", "say", "once"))
            column = inside.at(options.get("column"), "column").text()
            say = inside.at(options["say"], "say").text() if "say" in options else ""
            once = inside.at(options["once"], "once").text() if "once" in options else ""
            found.append(Expect(strip(column), say, strip(once)))
        elif column := inside.text():
            found.append(Expect(strip(column)))
    return tuple(found)


def read_record(node: Node, schema: Schema) -> RecordSpec | None:
    options = node.options(RECORD)
    kind_name = options.get("kind")
    if not isinstance(kind_name, str) or kind_name not in schema.by_name:
        node.unknown(_("There is no kind “%(name)s”."), str(kind_name or ""), tuple(schema.by_name))
        return None
    kind = schema.by_name[kind_name]
    specs = Checker(schema).specs(node.at(options.get("fields"), "fields"), kind)
    given = options.get("fields")
    for name in kind.key:
        # A key that is there and wrong has been complained of already.
        if isinstance(given, dict) and name not in given:
            node.complain(_("The field “%s” is the key and must be filled.") % name)
    return RecordSpec(
        kind,
        specs,
        read_tests(node.at(options["when"], "when")) if "when" in options else (),
        read_tests(node.at(options["unless"], "unless")) if "unless" in options else (),
        read_each(node.at(options["each"], "each")) if "each" in options else None,
        "refuse"
        if "repeated" in options and node.at(options["repeated"], "repeated").one_of(("merge", "refuse")) == "refuse"
        else "merge",
    )


def read_tests(node: Node) -> tuple[Test, ...]:
    """A column or several that must not be blank, or columns with the values that count (null: blank)."""
    if not isinstance(node.value, dict):
        return tuple(Test(strip(column)) for column in node.texts())
    found = []
    for column, wanted in node.value.items():
        words = wanted if isinstance(wanted, list) else [wanted]
        if any(not isinstance(word, str | None) for word in words):
            node.at(wanted, column).complain(_("A text is expected here, or a list of them."))
            continue
        found.append(Test(strip(column), frozenset(fold(word or "") for word in words)))
    return tuple(found)


def read_each(node: Node) -> Each | None:
    """A column, or {column or columns, split, item}."""
    if not isinstance(node.value, dict):
        return Each((strip(column),), split(node.at("auto", "split"))) if (column := node.text()) else None
    options = node.options(("column", "columns", "split", "item"))
    given = [name for name in ("column", "columns") if name in options]
    if len(given) != 1:
        node.complain(_("Name the column whose items give one record each."))
        return None
    columns = tuple(strip(column) for column in node.at(options[given[0]], given[0]).texts())
    return Each(columns, split(node.at(options.get("split", "auto"), "split"), options.get("item"))) if columns else None
