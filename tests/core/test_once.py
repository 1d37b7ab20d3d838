"""Within a request a question is asked once; after an action it is asked anew."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import visible
from core.once import asked_anew, asked_once, once
from partnerships import actions
from partnerships.models import Membership, Organisation


def asked(log: list[str], word: str) -> str:
    def ask() -> str:
        log.append(word)
        return word

    return once(word, ask)


def test_outside_of_a_reading_every_question_is_asked():
    log: list[str] = []
    assert [asked(log, "a"), asked(log, "a")] == ["a", "a"] == log


def test_inside_each_is_asked_once_and_the_next_reading_knows_nothing():
    log: list[str] = []
    for _reading in range(2):
        with asked_once():
            asked(log, "a")
            with asked_once():
                asked(log, "a")
            asked(log, "b")
            asked(log, "a")
    assert log == ["a", "b", "a", "b"]


def test_what_writes_asks_anew_and_leaves_nothing_known():
    log: list[str] = []
    with asked_once():
        asked(log, "a")
        with asked_anew():
            asked(log, "a")
            asked(log, "a")
        asked(log, "a")
        asked(log, "a")
    assert log == ["a"] * 4


def test_a_second_list_of_a_page_does_not_ask_again_what_one_holds(cast):
    with asked_once():
        with CaptureQueriesContext(connection) as first:
            list(visible(Organisation, cast.amir))
        with CaptureQueriesContext(connection) as second:
            list(visible(Organisation, cast.amir, "mou.view_agreement"))
    assert len(second) < len(first)


def test_a_role_that_ends_within_a_request_is_ended_for_the_rest_of_it(cast):
    held = Membership.objects.get(person=cast.amir.person, organisation=cast.agency)
    with asked_once():
        assert cast.agency in visible(Organisation, cast.amir)
        actions.end_membership(membership=held, by=cast.cora)
        assert cast.agency not in visible(Organisation, cast.amir)
