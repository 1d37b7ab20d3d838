"""What Wagtail's editor shows: no way that leads nowhere. Wagtail looks for a module of this name."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from cms.models import CaseStudyIndexPage, HomePage

# By the names of Wagtail's menu items. What is hidden is closed as well: rules.open_part.
EVERYBODYS = {"explorer", "images", "documents", "desk"}
NOBODYS = {"users", "groups"}


@hooks.register("register_admin_menu_item")
def back_to_the_desk() -> MenuItem:
    """From the desk one comes in, and there one goes back."""
    return MenuItem(_("Your desk"), reverse("core:desk"), name="desk", icon_name="home", order=10)


@hooks.register("construct_main_menu")
def only_what_is_open(request: HttpRequest, menu_items: list[Any]) -> None:
    """Writers see pages, images and documents; administrators the settings and reports besides. Help is ours: docs/guide."""
    shown = EVERYBODYS | ({"settings", "reports"} if request.user.is_superuser else set())
    menu_items[:] = [item for item in menu_items if item.name in shown]


@hooks.register("construct_settings_menu")
def no_people(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in NOBODYS]


@hooks.register("before_delete_page")
def the_two_stay(request: HttpRequest, page: Page) -> None:
    """The site has no first page without the one, and no case study without the other. They can be unpublished."""
    if page.specific_class in (HomePage, CaseStudyIndexPage) and not request.user.is_superuser:
        raise PermissionDenied(_("Only an administrator deletes this page. It can be unpublished instead."))


@hooks.register("before_bulk_action")
def the_two_stay_among_others(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    if action_type == "delete" and action.model is Page:
        for page in objects:
            the_two_stay(request, page)
