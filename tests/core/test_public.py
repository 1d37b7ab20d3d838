"""Public pages come whole from the cache, are never out of date and never somebody's own."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from core.access import HOUSE
from core.action import action
from core.public import PublicCache, generation, touch


@action
def change(*, by=HOUSE, fail: bool = False) -> None:
    touch()
    touch()
    if fail:
        raise ValueError


class Site:
    """A site of one page that counts how often it is made."""

    def __init__(self, answer: Callable[[int], HttpResponse] = lambda n: HttpResponse(f"made {n}")) -> None:
        self.made, self.answer = 0, answer
        self.cache = PublicCache(self.page)

    def page(self, request: HttpRequest) -> HttpResponse:
        self.made += 1
        return self.answer(self.made)

    def answer_to(
        self, path: str = "/", method: str = "get", cookies: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        request = getattr(RequestFactory(headers=headers), method)(path)
        request.COOKIES |= cookies or {}
        return self.cache(request)

    def get(self, *args: Any, **facts: Any) -> str:
        return b"".join(self.answer_to(*args, **facts)).decode()


def test_a_page_is_made_once_for_everybody_until_something_public_changes(db):
    site = Site()
    assert [site.get(), site.get(), site.get("/other/")] == ["made 1", "made 1", "made 2"]
    change()
    assert [site.get(), site.get()] == ["made 3", "made 3"]


def test_a_store_that_cannot_be_read_or_written_takes_no_page_from_anybody(db, settings, tmp_path):
    """As with a full disk, or a cache server that is away."""
    (tmp_path / "file").write_text("no folder")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path / "file" / "cache"),
        }
    }
    site = Site()
    assert [site.get(), site.get()] == ["made 1", "made 2"]


def test_an_action_moves_the_generation_once_and_a_failed_one_not_at_all(db):
    before = generation()
    change()
    assert generation() == before + 1
    with pytest.raises(ValueError):
        change(fail=True)
    assert generation() == before + 1


def test_a_page_from_the_cache_costs_one_query(db, django_assert_num_queries):
    site = Site()
    site.get()
    with django_assert_num_queries(1):
        assert site.get() == "made 1"


def test_a_change_while_the_page_is_made_leaves_no_old_page_behind(db):
    """The generation is read before: a page that was made of what was there before the change is kept under the old one."""

    def answer(n: int) -> HttpResponse:
        if n == 1:
            change()
        return HttpResponse(f"made {n}")

    site = Site(answer)
    assert [site.get(), site.get(), site.get()] == ["made 1", "made 2", "made 2"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_what_is_no_reading_is_not_answered_from_the_cache(db, method):
    site = Site()
    site.get()
    site.get(method=method)
    assert site.made == 2


def test_a_head_is_answered_from_what_is_kept_and_keeps_nothing(db):
    site = Site()
    site.get(method="head")
    assert [site.get(), site.get(method="head"), site.made] == ["made 2", "made 2", 2]


def test_a_browser_that_has_the_page_is_told_that_it_still_holds(db):
    site = Site()
    first, again = site.answer_to(), site.answer_to()
    assert first["ETag"] == again["ETag"] and first["Cache-Control"] == again["Cache-Control"] == "no-cache"
    told = site.answer_to(headers={"if-none-match": first["ETag"]})
    assert (told.status_code, told.content) == (304, b"")
    change()
    assert site.answer_to(headers={"if-none-match": first["ETag"]}).status_code == 200


def test_at_midnight_a_page_is_made_anew(db):
    """What is due today is late tomorrow, and nobody touches anything for that."""
    site = Site()
    with time_machine.travel(datetime(2027, 3, 1, 23, 59, tzinfo=UTC), tick=False) as clock:
        assert [site.get(), site.get()] == ["made 1", "made 1"]
        clock.shift(120)
        assert site.get() == "made 2"


@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "messages"])
def test_who_is_somebody_gets_a_page_of_their_own_and_leaves_none_behind(db, settings, name):
    site = Site()
    cookies = {getattr(settings, name, name): "x"}
    asked = [cookies, cookies, {}, {}, cookies]
    assert [site.get(cookies=found) for found in asked] == ["made 1", "made 2", "made 3", "made 3", "made 4"]


def test_a_page_made_for_somebody_with_the_cookie_of_a_form_is_not_kept(db, settings):
    """With that cookie a page that holds a form sets none, and would look like one without."""
    site = Site()
    cookies = {settings.CSRF_COOKIE_NAME: "x"}
    assert [site.get(cookies=cookies), site.get(), site.get(cookies=cookies)] == ["made 1", "made 2", "made 2"]


def test_what_asks_a_question_is_not_kept(db):
    site = Site()
    assert [site.get("/?q=1"), site.get("/?q=1")] == ["made 1", "made 2"]


def test_hosts_and_languages_do_not_meet(db, settings):
    settings.LANGUAGES = [("en", "English"), ("uk", "Ukrainian")]
    site = Site()
    asked = [{}, {"host": "localhost"}, {"accept-language": "uk"}, {"accept-language": "uk, en;q=0.5"}, {}]
    assert [site.get(headers=found) for found in asked] == ["made 1", "made 2", "made 3", "made 3", "made 1"]


def with_cookie(n: int) -> HttpResponse:
    response = HttpResponse(f"made {n}")
    response.set_cookie("csrf", "x")
    return response


@pytest.mark.parametrize(
    "answer",
    [
        with_cookie,
        lambda n: HttpResponse(f"made {n}", headers={"Cache-Control": "private"}),
        lambda n: HttpResponse(f"made {n}", status=404),
        lambda n: HttpResponse(f"made {n}", status=500),
        lambda n: StreamingHttpResponse([f"made {n}"]),
    ],
    ids=["sets a cookie", "says it is private", "is not there", "is broken", "is streamed"],
)
def test_what_is_not_for_everybody_is_not_kept(db, answer):
    site = Site(answer)
    assert [site.get(), site.get()] == ["made 1", "made 2"]
