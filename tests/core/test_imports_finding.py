"""Which mapping fits which files, and what a person is told when none does."""

from core.imports import Field, Kind, Mapping, Schema, Table, find_mapping, load_mapping
from core.imports.finding import match
from core.imports.proposing import explain_misfit
from tests.core.conftest import Tables

SCHEMA = Schema((Kind("people", (Field("key"), Field("name"))), Kind("hosts", (Field("key"), Field("name")))))


def mapping(mapping_id: str, *parts: str) -> Mapping:
    """Each part: the options of a table; its records take key and name from the column Id."""
    lines = [f"- {{{part}, records: [{{kind: people, fields: {{key: Id, name: Id}}}}]}}" for part in parts]
    return load_mapping("\n".join(["schema: common-ground/import-mapping/1", f"id: {mapping_id}", "tables:", *lines]), SCHEMA)


def pairs(found: Mapping, files: list[Table]) -> list[tuple[int, str]]:
    return [(place, table.name) for place, table in match(found, files).pairs]


def test_a_mapping_fits_if_all_its_columns_are_there_in_any_order_and_case_among_others(tables: Tables) -> None:
    files = tables(a="More,CITY hall,iD\n1,2,3\n")
    fitting, wanting = mapping("fitting", "columns: [id, City_Hall]"), mapping("wanting", "columns: [Id, Town]")
    assert find_mapping([wanting, fitting], files) == fitting
    assert find_mapping([wanting], files) is None
    assert find_mapping([], files) is None


def test_of_two_that_fit_the_one_that_leaves_less_over_is_found_and_then_the_one_that_knows_more(tables: Tables) -> None:
    files = tables(a="Id,A,B\n1,2,3\n", b="Id,C\n1,2\n")
    one = mapping("one", "columns: [Id, A, B]")
    both = mapping("both", "columns: [Id, A]", "columns: [Id, C]")
    more = mapping("more", "columns: [Id, A], expect: [B]", "columns: [Id, C]")
    assert find_mapping([one, both, more], files) == more
    assert find_mapping([one, both], files) == both
    assert find_mapping([both, mapping("twin", "columns: [Id, A]", "columns: [Id, C]")], files) == both


def test_each_file_goes_to_the_part_that_knows_most_of_its_columns_and_no_part_is_left_without(tables: Tables) -> None:
    files = tables(a="Id,A\n1,2\n", b="Id,A,B\n1,2,3\n")
    assert pairs(mapping("m", "columns: [Id]", "columns: [Id, A, B]"), files) == [(0, "a.csv"), (1, "b.csv")]
    # Both suit both, and each gets one.
    assert pairs(mapping("m", "columns: [Id, A]", "columns: [Id]"), files) == [(0, "a.csv"), (1, "b.csv")]


def test_files_of_one_make_all_go_to_their_part(tables: Tables) -> None:
    files = tables(y2022="Id\n1\n", y2023="Id\n2\n", hosts="Code\n1\n")
    assert pairs(mapping("m", "columns: [Id]"), files) == [(0, "y2022.csv"), (0, "y2023.csv")]
    assert pairs(mapping("m", "columns: [Id], file: [Y2023.CSV, other.csv]"), files) == [(0, "y2023.csv")]


def test_a_part_that_says_how_to_read_is_tried_so(tables: Tables) -> None:
    files = tables(a="Our list\n\nId:Name\n1:Zoë\n")
    found = mapping("m", "header: 3, delimiter: ':', columns: [Id, Name]")
    assert find_mapping([mapping("plain", "columns: [Id, Name]"), found], files) == found
    [(_place, table)] = match(found, files).pairs
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("1", "Zoë"))]


def test_a_person_is_told_the_columns_what_they_may_fill_and_what_each_mapping_misses(tables: Tables) -> None:
    files = tables(people="Ref,Full name,Shoe size\n1,Zoë,40\n", z="Id,A\n1,2\n")
    known = [
        mapping("near", "columns: [Id, A, B], name: one", "columns: [Nowhere], name: two"),
        mapping("named", "columns: [Id], file: other.csv, name: three"),
    ]
    assert explain_misfit(SCHEMA, known, files).splitlines() == [
        "No mapping fits these files.",
        "",
        "people.csv (1 rows) has the columns:",
        "  Ref  →  people.key ?",
        "  Full name  →  people.name ?",
        "  Shoe size",
        "",
        "z.csv (1 rows) has the columns:",
        "  Id  →  people.key ?",
        "  A",
        "",
        "The mapping “near” misses:",
        "  “one”: no file has all its columns; z.csv comes nearest and lacks B.",
        "  “two”: no file has the columns Nowhere.",
        "",
        "The mapping “named” misses:",
        "  “three”: z.csv has its columns, but another name or sheet, or is used for another table.",
        "",
        "Write a mapping file for them (docs/imports.md), and name it with --mapping.",
    ]
