"""Whole public pages from the cache: one generation number, moved by the action that changes what the public sees."""

import hashlib
import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_request

from core.models import Head
from core.unit import current

logger = logging.getLogger(__name__)
MESSAGES_COOKIE = "messages"  # django.contrib.messages: an answer for one visitor that is still to be shown


def touch() -> None:
    """What the public sees changes with this action: every stored page is out of date when it commits."""
    current().touched = True


def generation() -> int:
    """The age of the public pages; part of every cache key."""
    return Head.objects.values_list("generation", flat=True).get(pk=1)


class PublicCache:
    """Answers a visitor without a session from the cache, in one query. The generation is read before the page is made.

    A page is stored when it was made for somebody without any cookie of ours and sets none: then it holds no form, because
    a form's token is a cookie too, and nothing that only one person may see. An answer that may not be shared says so by
    Cache-Control. The day is part of the key: at midnight what is due becomes late.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        personal = {settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, MESSAGES_COOKIE}
        if request.method not in ("GET", "HEAD") or request.GET or personal & request.COOKIES.keys():
            return _kept_by_nobody(request, self.get_response(request))
        key = f"public:{generation()}:{_place(request)}"
        stored = _from_store(key)
        if stored is None:
            stored = self.get_response(request)
            if not _for_everybody(request, stored):
                return stored
            # "no-cache": a browser asks each time whether its copy still holds, and gets 304 and no page when it does.
            stored.headers["Cache-Control"] = "no-cache"
            stored.headers["ETag"] = f'"{hashlib.sha256(stored.content).hexdigest()[:32]}"'
            _into_store(key, stored)
        return get_conditional_response(request, etag=stored.headers["ETag"], response=stored) or stored


def _from_store(key: str) -> HttpResponse | None:
    """Nothing where the store is out of reach: then the page is made anew, and the operator is told."""
    try:
        found: HttpResponse | None = cache.get(key)
    except Exception:
        logger.exception("the store of public pages cannot be read")
        return None
    return found


def _into_store(key: str, page: HttpResponse) -> None:
    """A disk that is full, or a store that is away, takes no page from anybody."""
    try:
        cache.set(key, page)
    except Exception:
        logger.exception("a public page cannot be stored")


def _kept_by_nobody(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What somebody with a session is answered stays in no browser: after signing out, "back" shows no page of theirs. An
    answer that says itself how long it holds (a picture of a public page) is left alone."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _place(request: HttpRequest) -> str:
    """Which page this is, in which language, on which day: short whatever the address."""
    parts = [request.get_host(), get_language_from_request(request), str(timezone.localdate()), request.path]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page that says the same to each visitor."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and settings.CSRF_COOKIE_NAME not in request.COOKIES  # with it, a page with a form would set no cookie
        and not response.has_header("Cache-Control")
    )
