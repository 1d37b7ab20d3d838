"""Whole public pages from the cache: one generation number, moved by the action that changes what the public sees."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from core.models import Head
from core.unit import current


def touch() -> None:
    """What the public sees changes with this action: every stored page is out of date when it commits."""
    current().touched = True


def generation() -> int:
    """The age of the public pages; part of every cache key."""
    return Head.objects.values_list("generation", flat=True).get(pk=1)


class PublicCache:
    """Answers a visitor without a session from the cache. The generation is read before the page is made, not after.

    Only what sets no cookie and carries no form is kept; an answer that may not be shared says so by Cache-Control.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or request.GET or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        language = request.headers.get("Accept-Language", "")[:40]
        key = f"public:{generation()}:{request.get_host()}:{language}:{request.path}"
        stored: HttpResponse | None = cache.get(key)
        if stored is not None:
            return stored
        response = self.get_response(request)
        if response.status_code == 200 and not response.cookies and not response.has_header("Cache-Control"):
            rendered = getattr(response, "is_rendered", True)  # what is rendered late is finished before it comes here
            if rendered and not response.streaming:
                cache.set(key, response)
        return response
