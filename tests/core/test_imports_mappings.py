"""Mapping files: what is wrong with one is told in sentences with their places, all at once."""

from pathlib import Path
from time import process_time

import pytest

from core.imports import Field, Kind, Mapping, MappingRefused, Schema, load_mapping, load_mappings

SCHEMA = Schema(
    name="shelf",
    kinds=(
        Kind("shelves", (Field("key"), Field("name"), Field("room", "reference", refers_to="rooms")), names=("name",)),
        Kind("rooms", (Field("key"), Field("name", required=True)), names=("name",)),
        Kind(
            "books",
            (
                Field("key"),
                Field("title", required=True),
                Field("state", "choice", choices=("new", "worn_out")),
                Field("bought", "date"),
                Field("pages", "integer"),
                Field("topics", many=True),
                Field("state_raw"),
                Field("shelf", "reference", refers_to="shelves"),
                Field("room", "reference", refers_to="rooms"),
            ),
        ),
        Kind("loans", (Field("who"), Field("day"), Field("book", "reference", refers_to="books")), key=("who", "day")),
    ),
)
HEAD = "schema: common-ground/import-mapping/1\nid: a\n"


def mistakes(text: str) -> list[str]:
    with pytest.raises(MappingRefused) as caught:
        load_mapping(text, SCHEMA)
    return caught.value.mistakes


def book(*fields: str) -> str:
    """A mapping with one table of books and these fields beside key and title."""
    lines = ["key: Id", "title: Title", *fields]
    return HEAD + "tables:\n- records:\n  - kind: books\n    fields:\n" + "".join(f"      {line}\n" for line in lines)


def field_mistakes(*fields: str) -> list[str]:
    """Without the part of the place that is the same for all."""
    prefix = "table 1, record 1 (books), fields, "
    found = mistakes(book(*fields))
    assert [mistake for mistake in found if not mistake.startswith(prefix)] == []
    return [mistake.removeprefix(prefix) for mistake in found]


def test_a_small_mapping_is_read() -> None:
    mapping = load_mapping(book(), SCHEMA)
    assert (mapping.id, mapping.title, mapping.source, mapping.text) == ("a", "a", "a", book())
    assert [(table.name, table.signature()) for table in mapping.tables] == [("1", ("Id", "Title"))]


def test_yaml_that_is_broken_is_told_with_its_line() -> None:
    assert mistakes("schema: x\nid: [a\ntables: b\n") == ["line 3: expected ',' or ']', but got ':'"]
    assert mistakes("schema: x\n\tid: a\n") == ["line 2: found character '\\t' that cannot start any token"]
    assert mistakes("id: a\nid: b\n") == ["line 2: “id” is given twice"]
    assert mistakes("? [a]\n: b\n") == ["line 1: a name must be a text"]


def test_yaml_that_makes_objects_or_multiplies_is_refused() -> None:
    assert mistakes("id: !!python/object/apply:os.system [ls]\n")[0].startswith("line 1: could not determine a constructor")
    bomb = "a: &a [x]\n" + "".join(f"b{number}: &b{number} [*a, *a, *a, *a]\n" for number in range(10))
    assert mistakes(bomb) == ["This mapping file has more than 30 aliases."]
    assert mistakes("a: \n" + "x" * 300_000) == ["This mapping file is larger than any should be."]


def test_a_list_that_holds_itself_is_told_and_ends() -> None:
    started = process_time()
    assert mistakes("schema: &a [*a]\n\n")[0].startswith("The first line must be")
    assert mistakes(book("room: &r {by: Room, create: {key: Room, name: *r}}"))[0].startswith("table 1, record 1 (books)")
    assert process_time() - started < 5


def test_texts_stay_texts() -> None:
    mapping = load_mapping(book("state_raw: {column: no, values: {yes: no, 007: 2014-06-01, off: ~, on: }}"), SCHEMA)
    spec = mapping.tables[0].records[0].specs[2]
    assert spec.columns == ("no",)
    assert {raw: said.value for raw, said in spec.values.items()} == {"yes": "no", "007": "2014-06-01", "off": None, "on": None}


def test_tables_of_values_may_be_reused() -> None:
    text = book("state_raw: {column: A, values: &same {x: y}}", "topics: {column: B, values: *same}")
    specs = load_mapping(text, SCHEMA).tables[0].records[0].specs
    assert specs[2].values == specs[3].values


def test_what_is_missing_at_the_top_is_told_at_once() -> None:
    assert mistakes("schema: common-ground/import-mapping/2\nfor: rooms\ntabels: []\n") == [
        "There is no option “tabels” here. Did you mean “tables”?",
        "The first line must be “schema: common-ground/import-mapping/1”.",
        "This mapping is for “rooms”, not for “shelf”.",
        "id: A text is expected here.",
        "tables: A list is expected here, with at least one entry.",
    ]
    assert mistakes("- a\n- b\n") == ["Names with values are expected here (name: value)."]
    assert mistakes("\n") == ["Names with values are expected here (name: value)."]


def test_mistakes_in_tables_have_their_place() -> None:
    text = HEAD + (
        "tables:\n"
        "- {name: one, colums: [a], encoding: utf-99, delimiter: ab, header: zero, quote: '', columns: [$row], records: [x]}\n"
        "- {optional: perhaps, columns: {}, records: []}\n"
        "- {columns: [a]}\n"
    )
    assert mistakes(text) == [
        "table 1 (one): There is no option “colums” here. Did you mean “columns”?",
        "table 1 (one), record 1: Names with values are expected here (name: value).",
        "table 1 (one), record 1: There is no kind “”. Known are: shelves, rooms, books, loans.",
        "table 1 (one), encoding: There is no encoding “utf-99”.",
        "table 1 (one), delimiter: One character is expected here.",
        "table 1 (one), quote: One character is expected here.",
        "table 1 (one), header: The number of the row of column names is expected here, 1 to 1000.",
        "table 1 (one): $row is in every table and tells none from another.",
        "table 2, records: A list is expected here, with at least one entry.",
        "table 2, columns: A text is expected here.",
        "table 2, optional: “perhaps” is not possible here. Known are: true, false, yes, no.",
        "table 3, records: A list is expected here, with at least one entry.",
    ]


def test_mistakes_in_records_have_their_place() -> None:
    text = HEAD + (
        "tables:\n- records:\n"
        "  - {kind: boks, fields: {key: a}}\n"
        "  - {kind: books, feilds: {}, repeated: often, when: {a: {b: c}}, each: {split: ';'}}\n"
        "  - {kind: books, fields: {title: a, titel: b}}\n"
        "  - {kind: loans, fields: {who: a}}\n"
    )
    place = "table 1, record"
    assert [mistake.replace(place, "#") for mistake in mistakes(text)] == [
        "# 1 (boks): There is no kind “boks”. Did you mean “books”?",
        "# 2 (books): There is no option “feilds” here. Did you mean “fields”?",
        "# 2 (books), fields: Say here which column fills which field (field: column).",
        "# 2 (books), when, a: A text is expected here, or a list of them.",
        "# 2 (books), each: Name the column whose items give one record each.",
        "# 2 (books), repeated: “often” is not possible here. Known are: merge, refuse.",
        "# 3 (books), fields: There is no field “titel” in this kind. Did you mean “title”?",
        "# 3 (books): The field “key” is the key and must be filled.",
        "# 4 (loans): The field “day” is the key and must be filled.",
    ]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("pages:", ["field pages: Name a column here, or options such as “column: …”."]),
        ("pages: [a, b]", ["field pages: Name a column here, or options such as “column: …”."]),
        ("pages: {colum: a}", [
            "field pages: There is no option “colum” here. Did you mean “column”?",
            "field pages: Exactly one of these says where the value comes from: column, columns, either, constant, template.",
        ]),
        ("pages: {column: a, constant: '1'}", [
            "field pages: Exactly one of these says where the value comes from: column, columns, either, constant, template.",
        ]),
        ("pages: {column: }", ["field pages, column: A text is expected here."]),
        ("pages: {columns: []}", ["field pages, columns: A text is expected here."]),
        ("pages: {column: a, join: ','}", ["field pages: “join” belongs to “columns”."]),
        ("pages: {column: a, item: b}", ["field pages: “item” belongs to “split”."]),
        ("pages: {column: a, split: [';', '']}", [
            "field pages, split: A separator is expected here, or “json” or “auto”.",
        ]),
        ("pages: {column: a, take: middle}", ["field pages, take: “middle” is not possible here. Known are: first, last."]),
        ("pages: {column: a, date: day-first}", ["field pages: “date” is no option for a field of type integer."]),
        ("pages: {column: a, decimal: x}", ["field pages, decimal: “x” is not possible here. Known are: ., ,."]),
        ("pages: {constant: many}", ["field pages: This is no whole number."]),
        ("pages: {template: 'no column'}", [
            "field pages, template: A template names at least one column in braces; for a fixed text use “constant”.",
        ]),
        ("pages: {template: '{a'}", ["field pages, template: A brace is opened that is not closed, or holds no column."]),
        ("bought: {column: a, date: day-frist}", [
            "field bought, date: “day-frist” is no form of a date. Did you mean “day-first”?",
        ]),
        ("bought: {column: a, date: ['DD.MM.']}", [
            "field bought, date: “DD.MM.” is no form of a date. Did you mean “DD.MM.YYYY”?",
        ]),
        ("bought: {column: a, partial: begin}", [
            "field bought, partial: “begin” is not possible here. Known are: start, end, refuse.",
        ]),
        ("state: {column: a, values: {x: nwe}}", [
            "field state, values, “x”: “nwe” is no value of this field. Did you mean “new”?",
        ]),
        ("state: {column: a, values: [x]}", [
            "field state, values: A table of values is expected here (what the file says: what it means).",
        ]),
        ("state: {column: a, values: {X: new, x: worn_out}}", [
            "field state, values: “x” is given twice, in different spellings and with different meanings.",
        ]),
        ("state: {column: a, values: {x: {as: new}}}", [
            "field state, values, “x”: There is no option “as” here. Known are: is, say.",
        ]),
        ("state: {column: a, otherwise: panic}", [
            "field state, otherwise: “panic” is not possible here. Known are: keep, fault, blank.",
        ]),
        ("state: {column: a, blank: [x]}", ["field state, blank: One text is expected here."]),
        ("state: {column: a, keep_raw: topics}", [
            "field state, keep_raw: “topics” is not possible here. Known are: key, title, state_raw.",
        ]),
        ("state: {column: a, as: loud}", ["field state, as: “loud” is not possible here. Known are: lower, upper, slug, plain."]),
        ("shelf: {by: a, refer: rooms}", ["field shelf, refer: “rooms” is not possible here. Known are: shelves."]),
        ("shelf: {by: a, against: [label]}", [
            "field shelf, against, label: “label” is not possible here. Known are: key, name, room.",
        ]),
        ("shelf: {by: a, absent: create}", [
            "field shelf: “absent: create” needs “create” with the fields of the new record.",
        ]),
        ("shelf: {by: a, absent: blank, create: {name: a}}", ["field shelf: “create” goes with “absent: create”."]),
        ("shelf: {by: a, create: {label: a}}", [
            "field shelf, create: There is no field “label” in this kind. Known are: key, name, room.",
        ]),
        ("shelf: {by: a, create: {room: {by: b, create: {name: b}}}}", [
            "field shelf, create, field room: Inside “create” nothing else can be created.",
        ]),
        ("shelf: {by: [a, b], split: ';'}", ["field shelf: With “split” there can be only one column under “by”."]),
        ("shelf: {by: a, take: {agree: shelf}}", [
            "field shelf, take, agree: shelves have no field that refers to the same kind.",
        ]),
        ("shelf: {by: a, take: {agree: title}}", [
            "field shelf, take, agree: “title” is not possible here. Known are: shelf, room.",
        ]),
    ],
)  # fmt: skip
def test_mistakes_in_fields_have_their_place(field: str, told: list[str]) -> None:
    assert field_mistakes(field) == told


def test_a_reference_may_agree_with_another() -> None:
    mapping = load_mapping(book("room: Room", "shelf: {by: Shelf, split: ';', take: {agree: room}}"), SCHEMA)
    link = mapping.tables[0].records[0].specs[3].link
    assert link
    assert link.agree == ("room", "room")


def test_a_file_is_named_in_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "books.yaml"
    path.write_text(book("pages: {column: }"), encoding="utf-8")
    with pytest.raises(MappingRefused) as caught:
        load_mapping(path, SCHEMA)
    assert str(caught.value) == "books.yaml: table 1, record 1 (books), fields, field pages, column: A text is expected here."
    assert caught.value.mistakes[0] in str(caught.value)


def test_a_folder_gives_the_mappings_for_one_import(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(book().replace("id: a", "id: b\nfor: shelf"), encoding="utf-8")
    (tmp_path / "a.yml").write_text(book(), encoding="utf-16")
    (tmp_path / "other.yaml").write_text("schema: x\nfor: other\nnonsense: 1\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("none", encoding="utf-8")
    found: list[Mapping] = load_mappings(tmp_path, SCHEMA)
    assert [mapping.id for mapping in found] == ["a", "b"]


def test_a_schema_that_makes_no_sense_is_refused_to_its_author() -> None:
    for wrong in (
        lambda: Field("a", "choice"),
        lambda: Field("a", refers_to="b"),
        lambda: Field("a", "reference"),
        lambda: Kind("a", (Field("key"), Field("key"))),
        lambda: Kind("a", (Field("name"),)),
        lambda: Kind("a", (Field("key", many=True),)),
        lambda: Kind("a", (Field("key", "reference", refers_to="a"),)),
        lambda: Schema((Kind("a", (Field("key"),)), Kind("a", (Field("key"),)))),
        lambda: Schema((Kind("a", (Field("key"), Field("b", "reference", refers_to="b"))),)),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            wrong()
