"""What Wagtail's editor shows: no way that leads nowhere, and records to pick from. Wagtail looks for a module of this name."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import CharField, TextInput
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import chooser as chooser_views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.models import Page

from cms import rules
from cms.blocks import CHOOSERS, named, offered
from cms.models import CaseStudyIndexPage, CaseStudyPage, HomePage
from core.access import visible
from fellowships.models import Placement
from partnerships.models import Organisation, Output

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


@hooks.register("before_edit_page")
def say_what_is_hidden(request: HttpRequest, page: Page) -> None:
    """Wagtail says "live" of a case study that nobody may read: the words of ours stand above its form."""
    if request.method == "GET" and isinstance(page, CaseStudyPage) and page.live and (why := rules.why_kept_back(page)):
        messages.warning(request, why)


# Where writers pick records: what everybody may see, and nothing else. The domain is not edited here.


class WordsForm(BaseFilterForm):
    """A search box over the list."""

    q = CharField(label=_lazy("Words"), required=False, max_length=100, widget=TextInput({"placeholder": _lazy("Search")}))

    def filter(self, rows: Any) -> Any:
        words = self.cleaned_data["q"].strip()
        self.is_searching, self.search_query = bool(words), words
        return _found(super().filter(rows), words) if words else rows


SOUGHT = {
    Placement: ("host__organisation__name", "project__title", "host__cycle__name"),
    Output: ("title", "hackathon__title", "agency__name"),
}


def _found(rows: Any, words: str) -> Any:
    """By what the list shows: the name of a fellow finds nothing, so that nobody is named by looking for them."""
    ways = SOUGHT.get(rows.model, ())
    for word in words.split()[:8] if ways else ():
        rows = rows.filter(reduce(or_, (Q(**{f"{way}__icontains": word}) for way in ways)))
    return rows if ways else rows.search(words)


class Shown:
    """A part of the window that lists and hands over what may be picked."""

    filter_form_class = WordsForm
    per_page = 12
    model: Any
    request: HttpRequest

    def _offered(self) -> Any:
        rows = offered(self.model)
        seen = visible(Organisation, self.request.user) if self.model is Organisation else None
        return rows if seen is None else rows | seen

    def get_object_list(self) -> Any:
        return self._offered()

    def get_object(self, pk: str) -> Any:
        found = self._offered().filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
        if found is None:
            raise Http404
        return found

    def get_objects(self, pks: list[str]) -> Any:
        return self._offered().filter(pk__in=[int(pk) for pk in pks if pk.isdecimal() and len(pk) < 19])

    def get_display_title(self, instance: Any) -> str:
        return named(instance)

    def get_edit_item_url(self, instance: Any) -> None:
        return None

    @property
    def title_column(self) -> Any:
        column = super().title_column  # type: ignore[misc]
        column.accessor = named
        return column


class Choose(Shown, chooser_views.ChooseView):
    pass


class ChooseResults(Shown, chooser_views.ChooseResultsView):
    pass


class Chosen(Shown, chooser_views.ChosenView):
    pass


class ChosenMany(Shown, chooser_views.ChosenMultipleView):
    pass


class RecordChooserViewSet(ChooserViewSet):
    """One kind of record. Nothing is made here: the route for that is not there."""

    choose_view_class, choose_results_view_class = Choose, ChooseResults
    chosen_view_class, chosen_multiple_view_class = Chosen, ChosenMany
    register_widget = False

    def get_urlpatterns(self) -> list[Any]:
        return [route for route in super().get_urlpatterns() if route.name != "create"]


def _viewset(kind: str) -> RecordChooserViewSet:
    chooser = CHOOSERS[kind]
    return RecordChooserViewSet(
        f"choose_{kind}",
        url_prefix=f"choose-{kind}",
        model=chooser.model,
        icon=chooser.icon,
        choose_one_text=chooser.choose_one_text,
    )


@hooks.register("register_admin_viewset")
def what_can_be_picked() -> list[RecordChooserViewSet]:
    return [_viewset(kind) for kind in CHOOSERS]
