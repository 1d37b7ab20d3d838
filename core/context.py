"""What every page of ours may show around its content: the menus."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core import front, sharing


def around(request: HttpRequest) -> dict[str, Any]:
    """public_menu, foot_menu and menu: {label, url, icon, side, foot, current}. Worked out only where a template asks for it.

    acting: (for whom, as what) the reader acts today; the rail says it of those who act at two places or more.
    `demo`: whether this is the local installation with the invented people. `here`: the one address of this page.
    """

    def line(label: Any, route: str, icon: str = "", side: bool = False, foot: bool = False) -> dict[str, Any]:
        url = reverse(route)
        here = request.path == url or (url != reverse("core:desk") and url != "/" and request.path.startswith(url))
        return {"label": label, "url": url, "icon": icon, "side": side, "foot": foot, "current": here}

    def lines(public: bool) -> list[dict[str, Any]]:
        return [line(entry.label, entry.route, entry.icon, entry.side, entry.foot) for entry in front.menu(public=public)]

    def masthead() -> list[dict[str, Any]]:
        # A page of an error may be shown before anybody was asked who they are.
        if not getattr(getattr(request, "user", None), "is_authenticated", False):
            return [each for each in lines(True) if not each["foot"]]
        ours = [each for each in lines(True) if not (each["side"] or each["foot"])]
        return [*ours, line(_("Your desk"), "core:desk", side=True)]

    def foot() -> list[dict[str, Any]]:
        return [{"title": _("On record"), "entries": [each for each in lines(True) if not each["side"]]}]

    return {
        "public_menu": SimpleLazyObject(masthead),
        "foot_menu": SimpleLazyObject(foot),
        "menu": SimpleLazyObject(lambda: lines(False)),
        "acting": SimpleLazyObject(lambda: sharing.acting_for(request.user)),
        "demo": settings.DEMO,
        "here": f"{settings.BASE_URL}{request.path}",
    }
