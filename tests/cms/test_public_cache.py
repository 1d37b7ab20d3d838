"""Public pages from the cache: never stale, never personal, one query."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from wagtail.models import Page

from accounts import actions as accounts
from cms import actions
from cms.models import CaseStudyIndexPage, CaseStudyPage, HomePage
from core import audit, public
from core.access import HOUSE
from core.public import PublicCache, generation
from fellowships import actions as fellowships
from tests.cms.stories import story


def stored() -> int:
    """How many answers the cache of this test holds."""
    return len([key for key in cache._cache if ":public:" in key])


@pytest.mark.parametrize(
    "path", ["/", "/case-studies/", "/case-studies.atom", "/sitemap.xml", "/robots.txt", "/cycles/", "/agreements/"]
)
def test_the_second_visitor_costs_one_query_and_gets_the_same(client, cast, path, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(1):
        second = Client().get(path)
    assert (second.status_code, second.content) == (200, first.content)
    for response in (first, second):
        assert not response.cookies and response["Cache-Control"] == "no-cache"


def test_a_story_comes_from_the_cache_with_the_headers_that_every_page_has(db, django_assert_num_queries):
    page = story()
    first = Client().get(page.url)
    with django_assert_num_queries(1):
        second = Client().get(page.url)
    named = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Content-Type")
    assert [second[name] for name in named] == [first[name] for name in named]


def test_what_is_published_is_there_at_the_next_request(client, db, django_capture_on_commit_callbacks):
    page = story(title="Old words")
    assert b"Old words" in client.get(page.url).content and b"Old words" in client.get("/").content
    page.title = "New words"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    for address in (page.url, "/", "/case-studies/"):
        html = client.get(address).content
        assert b"New words" in html and b"Old words" not in html, address


def changed(page: CaseStudyPage, how: str) -> None:
    if how == "unpublished":
        page.unpublish()
    elif how == "deleted":
        page.delete()
    elif how == "deleted with its list":
        Page.objects.get(pk=CaseStudyIndexPage.shown().pk).delete()
    elif how == "slug":
        page.slug = "elsewhere"
        page.save_revision().publish()
    elif how == "reordered":
        page.move(page.get_parent(), pos="first-child")
    elif how == "list renamed":
        index = CaseStudyIndexPage.shown()
        index.slug = "stories"
        index.save()
    elif how == "in bulk":
        Page.objects.filter(pk=page.pk).delete()


HOW = ["unpublished", "deleted", "deleted with its list", "slug", "reordered", "list renamed", "in bulk"]


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_whatever_becomes_of_a_page_nobody_gets_the_old_one(client, db, django_capture_on_commit_callbacks, how):
    story(title="Stays")
    page = story(title="Goes")
    before = generation()
    assert client.get(page.url).status_code == 200 and b"Goes" in client.get("/case-studies/").content
    old = page.url
    with django_capture_on_commit_callbacks(execute=True):
        changed(page, how)
    assert generation() > before
    assert client.get(old).status_code == (200 if how == "reordered" else 301 if how in ("slug", "list renamed") else 404)


def test_what_wagtail_does_in_a_transaction_of_its_own_is_recorded_after_it(cast, transactional_db):
    """An action opens its own transaction; Wagtail's delete and bulk views have one open already."""
    from django.db import transaction

    page = story()
    with transaction.atomic():
        page.unpublish()
        assert [line.verb for line in audit.history(page)] == ["page.published"]
    assert [line.verb for line in audit.history(page)] == ["page.unpublished", "page.published"]


def test_a_page_made_while_something_is_published_is_not_kept(rf, db):
    page = story()

    def slow(request) -> HttpResponse:
        actions.page_published(page=page, by=HOUSE)
        return HttpResponse("made from what was there before")

    PublicCache(slow)(rf.get("/story/"))
    assert PublicCache(lambda request: HttpResponse("new"))(rf.get("/story/")).content == b"new"


def test_a_record_that_is_withdrawn_is_gone_at_the_next_request(client, cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    assert b"First cycle" in client.get("/").content
    fellowships.unpublish_cycle(cycle=cast.cycle, by=cast.cora)
    assert b"First cycle" not in client.get("/").content


def test_a_consent_that_is_taken_back_lets_every_page_go(client, cast):
    accounts.give_consent(person=cast.felix.person, item="public_name", by=cast.felix)
    client.get("/")
    before = generation()
    accounts.withdraw_consent(person=cast.felix.person, item="public_name", by=cast.felix)
    assert generation() == before + 1


# ------------------------------------------------------------------------------------------------ never personal


def test_what_somebody_signed_in_sees_is_neither_kept_nor_given(client, cast):
    stranger = Client()
    public_page = stranger.get("/").content
    kept = stored()
    client.force_login(cast.amir)
    mine = client.get("/")
    assert b"Your desk" in mine.content and b"Your desk" not in public_page and stored() == kept
    assert stranger.get("/").content == public_page
    cache.clear()
    client.get("/")
    assert stored() == 0


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/", "/accounts/password/sent/", "/accounts/password/1-x/"]
)
def test_pages_of_sign_in_are_never_kept(client, db, path):
    for _visit in range(2):  # the second time the visitor has the cookie already, and none is set
        client.get(path)
    assert stored() == 0


def test_a_form_is_never_kept_even_for_a_visitor_who_has_its_cookie(rf, db, settings):
    def form(request) -> HttpResponse:
        return HttpResponse(f"<input value={get_token(request)}>")

    request = rf.get("/form/")
    request.COOKIES[settings.CSRF_COOKIE_NAME] = request.META["CSRF_COOKIE"] = "a" * 32
    PublicCache(form)(request)
    assert stored() == 0


def test_a_visitor_with_a_forms_cookie_still_reads_from_the_cache(client, db, django_assert_num_queries):
    client.get("/accounts/login/")
    assert "csrf" in client.cookies
    Client().get("/")
    with django_assert_num_queries(1):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("cookie", ["session", "language", "messages"])
def test_whoever_has_a_cookie_that_changes_the_page_gets_their_own(rf, db, cookie):
    PublicCache(lambda request: HttpResponse("for all"))(rf.get("/x/"))
    request = rf.get("/x/")
    request.COOKIES[cookie] = "1"
    assert PublicCache(lambda request: HttpResponse("for one"))(request).content == b"for one"
    assert PublicCache(lambda request: HttpResponse("new"))(rf.get("/x/")).content == b"for all"


def answers() -> dict[str, HttpResponse]:
    with_cookie = HttpResponse("x")
    with_cookie.set_cookie("a", "b")
    return {
        "a cookie": with_cookie,
        "an answer that may not be shared": HttpResponse("x", headers={"Cache-Control": "private"}),
        "an error": HttpResponse("x", status=404),
        "a redirect": HttpResponse(status=302, headers={"Location": "/"}),
        "a stream": StreamingHttpResponse([b"x"]),
    }


@pytest.mark.parametrize("kind", list(answers()))
def test_what_may_not_be_kept_is_not(rf, db, kind):
    given = answers()[kind]
    assert PublicCache(lambda request: given)(rf.get("/x/")) is given
    assert stored() == 0


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_only_reading_is_answered_from_it(rf, db, method):
    PublicCache(lambda request: HttpResponse("kept"))(rf.get("/x/"))
    assert PublicCache(lambda request: HttpResponse("new"))(getattr(rf, method)("/x/")).content == b"new"


def test_an_address_with_a_question_is_never_kept(client, db):
    client.get("/case-studies/?q=x")
    assert stored() == 0


# ------------------------------------------------------------------------------------------------ which page it is


def test_hosts_days_and_languages_are_kept_apart(rf, db, settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["one", "two"]
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]

    def get(text: str, **headers: str) -> bytes:
        return PublicCache(lambda request: HttpResponse(text))(rf.get("/x/", headers=headers)).content

    assert get("first", host="one", accept_language="en") == b"first"
    assert get("other host", host="two", accept_language="en") == b"other host"
    assert get("other language", host="one", accept_language="de-AT,de;q=0.9") == b"other language"
    assert get("never", host="one", accept_language="en-US,en;q=0.9,fr;q=0.8") == b"first"
    long = ", ".join(f"x-{n}" for n in range(40))
    assert get("never", host="one", accept_language=f"{long}, de") == b"other language"
    tomorrow = public.timezone.localdate().replace(year=2999)
    monkeypatch.setattr(public.timezone, "localdate", lambda: tomorrow)
    assert get("next day", host="one", accept_language="en") == b"next day"


def test_any_address_makes_a_short_key(rf, db):
    PublicCache(lambda request: HttpResponse("x"))(rf.get("/" + "a" * 5000 + "/\u00fc %0a/"))
    assert all(len(key) < 120 for key in cache._cache)


def test_a_head_request_is_answered_from_the_cache_and_fills_it_with_nothing(client, db, django_assert_num_queries):
    assert client.head("/").status_code == 200 and stored() == 0
    whole = client.get("/")
    with django_assert_num_queries(1):
        head = client.head("/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_a_browser_that_has_the_page_is_told_so_in_no_bytes(client, db, django_capture_on_commit_callbacks):
    etag = client.get("/")["ETag"]
    again = client.get("/", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    home = HomePage.objects.get()
    home.headline = "Other words"
    with django_capture_on_commit_callbacks(execute=True):
        home.save_revision().publish()
    fresh = client.get("/", headers={"if-none-match": etag})
    assert fresh.status_code == 200 and fresh["ETag"] != etag
    assert client.get("/", headers={"if-none-match": etag}).status_code == 200
