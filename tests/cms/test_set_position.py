"""Wagtail moves a page among its neighbours by a number in the address: any other number is refused, and nothing moves."""

import pytest
from django.test import Client

from cms.models import CaseStudyIndexPage, CaseStudyPage
from tests.cms.stories import story


@pytest.fixture
def edna(client, cast) -> Client:
    client.force_login(cast.edna)
    client.raise_request_exception = False
    return client


@pytest.fixture
def pages(cast) -> list[CaseStudyPage]:
    return [story(title=title) for title in ("One", "Two", "Three")]


def order() -> list[str]:
    return [page.title for page in CaseStudyIndexPage.shown().get_children()]


def move(client: Client, key: int, position: str) -> int:
    return client.post(f"/cms/pages/{key}/set_position/{position}").status_code


def test_a_number_moves_it(edna, pages):
    assert move(edna, pages[0].pk, "?position=2") == 200
    assert order() == ["Two", "Three", "One"]


@pytest.mark.parametrize(
    "position",
    ["", "?position=", "?position=x", "?position=-1", "?position=1.5", "?position=٣", "?position=" + "9" * 5000, "?other=1"],
    ids=["none", "empty", "word", "negative", "fraction", "other digits", "endless", "another"],
)
def test_anything_else_moves_nothing(edna, pages, position):
    before = order()
    assert move(edna, pages[0].pk, position) == 400
    assert order() == before


def test_beyond_the_last_it_goes_to_the_end(edna, pages):
    assert move(edna, pages[0].pk, "?position=99") == 200
    assert order() == ["Two", "Three", "One"]


def test_what_has_no_neighbours_and_what_is_not_there_are_not_found(edna, pages):
    assert [move(edna, key, "?position=0") for key in (1, 10**6)] == [404, 404]
    assert move(edna, 1, "") == 400


def test_who_does_not_write_pages_moves_none(client, cast, pages):
    before = order()
    client.force_login(cast.amir)
    assert move(client, pages[0].pk, "?position=2") in (302, 403, 404) and order() == before
