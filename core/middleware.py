"""What is set on an answer for a whole part of the site."""

import re
from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBadRequest, HttpResponseBase

from core.once import asked_once


class AskedOnce:
    """Who may see what is asked of the database once a request, however many rules and lists of a page ask it. An action
    asks anew, and what was known before it is forgotten."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with asked_once():
            return self.get_response(request)


class CmsPolicy:
    """Wagtail's admin needs a looser policy than the rest: inline script and style, and its own preview in a frame.

    A preview is a page of ours that was made by a request within the request: it comes with the strict policy, and keeps
    it but for the frame.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: Any = self.get_response(request)
        if request.path_info.startswith(settings.CMS_PATH):
            preview = response.headers.pop(HEADER, None)
            response._csp_config = settings.PREVIEW_CONTENT_SECURITY_POLICY if preview else settings.CMS_CONTENT_SECURITY_POLICY
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response  # type: ignore[no-any-return]


LARGEST = 2**63  # what no column of a key can hold


class CmsNumbers:
    """Wagtail's lists hand any number in an address to the database, which breaks on one that no key can be: nothing is there.

    Our own lists ask by references and by choices, and need no such guard.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.CMS_PATH):
            asked = (value for _name, values in request.GET.lists() for value in values)
            if any(_beyond(value) for value in asked):
                raise Http404
        return self.get_response(request)


def _beyond(value: str) -> bool:
    try:
        return not -LARGEST <= int(value) < LARGEST
    except ValueError:  # no number, or one of more digits than Python reads: Wagtail refuses it itself
        return False


class CmsPositions:
    """Wagtail moves a page to the place in its list that the address names, and breaks where it names none, or where the page is
    the root, which stands in no list. Who does not come into the editor hears of neither."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = POSITION.fullmatch(request.path_info.removeprefix(settings.CMS_PATH))
        if found and request.method == "POST" and request.user.is_authenticated and request.user.has_perm(EDITOR):
            if not re.fullmatch("[0-9]{1,9}", request.GET.get("position", "")):
                return HttpResponseBadRequest()
            if int(found["key"]) == ROOT:
                raise Http404
        return self.get_response(request)


EDITOR = "wagtailadmin.access_admin"
POSITION = re.compile(r"pages/(?P<key>[0-9]{1,18})/set_position/")
ROOT = 1  # the key of the page above every site
