"""Lists: pages that are always there, sorting by named columns only, and files that a spreadsheet shows and does not compute."""

import csv
import io

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core.lists import as_csv, in_order, paged, safe_cell
from partnerships.models import Organisation

COLUMNS = {"name": "name", "place": "city"}


def get(query: str):
    return RequestFactory().get(f"/list/?{query}")


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", 1),
        ("page=2", 2),
        ("page=3", 3),
        ("page=4", 3),
        ("page=999999999999", 3),
        ("page=0", 3),
        ("page=-1", 3),
        ("page=x", 1),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest_one(asked, number):
    assert paged(get(asked), list(range(101))).number == number


def test_a_page_holds_fifty_and_nobody_asks_for_more():
    assert list(paged(get("per_page=1000000&page=3"), list(range(101)))) == [100]
    assert len(paged(get("page_size=500"), list(range(101)))) == 50
    assert list(paged(get(""), [])) == []


@pytest.fixture
def organisations(db):
    for name, city in [("B", "Y"), ("A", "Z"), ("C", "X"), ("D", "X")]:
        Organisation.objects.create(name=name, city=city)
    return Organisation.objects.all()


@pytest.mark.parametrize(
    ("asked", "order", "by"),
    [
        ("", "ABCD", "name"),
        ("sort=-name", "DCBA", "-name"),
        ("sort=place", "DCBA", "place"),  # equal places: the newest first
        ("sort=-place", "ABDC", "-place"),
        ("sort=city", "ABCD", "name"),  # a field, but not a column that is offered
        ("sort=membership__person__name", "ABCD", "name"),
        ("sort=--name", "ABCD", "name"),
        ("sort=?", "ABCD", "name"),
        ("sort=pk;DROP", "ABCD", "name"),
        ("sort=place&sort=name", "ABCD", "name"),
    ],
)
def test_a_list_is_sorted_by_a_column_that_is_offered_or_as_always(organisations, asked, order, by):
    rows, sorted_by = in_order(get(asked), organisations, COLUMNS, "name")
    assert ("".join(row.name for row in rows), sorted_by.by) == (order, by)


def test_the_head_of_a_column_turns_it_round_keeps_the_filters_and_begins_at_the_first_page(organisations):
    _, sorted_by = in_order(get("sort=name&page=3&q=a%26b"), organisations, COLUMNS, "name")
    assert sorted_by.links == {"name": "?sort=-name&q=a%26b", "place": "?sort=place&q=a%26b"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "\n=1", "=cmd|' /C calc'!A0"])
def test_a_cell_that_a_spreadsheet_would_compute_is_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"), [("Agency", "Agency"), ("", ""), (None, ""), (0, "0"), ("a=b", "a=b"), ("a\r\nb", "a\nb")]
)
def test_any_other_cell_is_left_as_it_is(value, text):
    assert safe_cell(value) == text


def test_the_file_has_a_head_a_mark_and_each_cell_in_its_place():
    answer = as_csv("agreements", ["Number", "Title"], [["CG-1", "Line one\nline, “two”"], ["=1", None]])
    assert isinstance(answer, HttpResponse) and answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="agreements.csv"'
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(text))) == [["Number", "Title"], ["CG-1", "Line one\nline, “two”"], ["'=1", ""]]
