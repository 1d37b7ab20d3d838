"""What is set on an answer for a whole part of the site."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class CmsPolicy:
    """Wagtail's admin needs a looser policy than the rest: inline script and style, and its own preview in a frame."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: Any = self.get_response(request)
        if request.path_info.startswith(settings.CMS_PATH):
            response._csp_config = settings.CMS_CONTENT_SECURITY_POLICY
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response  # type: ignore[no-any-return]
