"""What every page of ours may show around its content: the two menus."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core import front


def around(request: HttpRequest) -> dict[str, Any]:
    """public_menu and menu: lists of {label, url, icon, current}. Worked out only where a template asks for it."""

    def lines(public: bool) -> list[dict[str, Any]]:
        made = []
        for entry in front.menu(public=public):
            url = reverse(entry.route)
            here = request.path == url or (url != reverse("core:desk") and url != "/" and request.path.startswith(url))
            made.append({"label": entry.label, "url": url, "icon": entry.icon, "current": here})
        return made

    return {"public_menu": SimpleLazyObject(lambda: lines(True)), "menu": SimpleLazyObject(lambda: lines(False))}
