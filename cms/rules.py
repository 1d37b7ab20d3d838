"""Who writes the public pages, told to Wagtail in its own terms. Nothing is stored: each request asks the live roles."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.models import User
from cms.blocks import offered
from cms.models import CaseStudyIndexPage, CaseStudyPage
from core.access import HOUSE, YES, Actor, Verdict, no, reach

# The first part of an address under /cms/, for those who write pages. Whatever Wagtail adds is closed until it is named here.
PARTS = {
    "", "pages", "api", "choose-page", "choose-external-link", "choose-email-link", "choose-phone-link", "choose-anchor-link",
    "tag-autocomplete", "documents", "images", "bulk", "account", "dismissibles", "editing-sessions", "block-preview",
    "sprite", "jsi18n", "choose-cycle", "choose-placement", "choose-agreement", "choose-output",
    "choose-organisation",
}  # fmt: skip
BULK = {"wagtailcore", "wagtailimages", "wagtaildocs"}
# Closed to administrators too: people and what they may are kept by actions, on the record.
NOBODYS = {"users", "groups"}


def edit_pages(by: Actor) -> Verdict:
    """Who holds a live role that says so, and who administers the site."""
    if by is HOUSE:
        return YES
    may = by.is_active and (getattr(by, "is_superuser", False) or bool(reach(by, "cms.edit_pages")["programme"]))
    return YES if may else no(_("Only coordinators and editors write the public pages."))


def draft_story(by: Actor, record: Any) -> Verdict:
    """From a cycle, placement, agreement or output. All editors read a draft, so nothing enters it that is not public."""
    may = edit_pages(by)
    reason = why_no_story(record) if may else ""
    return no(reason) if reason else may


def why_no_story(record: Any) -> str:
    """What stands in the way of a case study that tells of it, or ""."""
    if CaseStudyIndexPage.shown() is None:
        return _("Publish the list of case studies first: every case study stands in it.")
    if not offered(type(record)).filter(pk=record.pk).exists():
        return _("Only what is public is told of in a case study. Publish it first, or the cycle that it belongs to.")
    return ""


def draft_of(record: Any) -> CaseStudyPage | None:
    """The case study that was begun from a record and was never published, if there is one; the newest."""
    begun = CaseStudyPage.objects.filter(live=False, first_published_at=None).telling_of(record)
    found: CaseStudyPage | None = begun.order_by("-pk").first()
    return found


def unfinished() -> QuerySet[CaseStudyPage]:
    """Case studies with words that are not public: never published, or changed since. What was taken off stays off."""
    begun = Q(live=False, first_published_at=None) | Q(live=True, has_unpublished_changes=True)
    rows: QuerySet[CaseStudyPage] = CaseStudyPage.objects.filter(begun).order_by("latest_revision_created_at", "pk")
    return rows


def stories_kept_back() -> list[tuple[CaseStudyPage, str]]:
    """(case study, why) of those that are published and nobody may read, by title: they tell of what is sensitive."""
    kept = CaseStudyPage.objects.kept_back()
    found = CaseStudyPage.objects.filter(pk__in=list(kept)).order_by("title", "pk") if kept else []
    return [(story, hidden_because(kept[story.pk])) for story in found]


def why_kept_back(story: CaseStudyPage) -> str:
    """Why nobody may read what is published of it; "" where everybody may."""
    why = CaseStudyPage.objects.filter(pk=story.pk).kept_back()
    return hidden_because(why[story.pk]) if why else ""


def hidden_because(why: list[str]) -> str:
    """For those who can mend it."""
    return _("Hidden from everybody: %(why)s Take that out and publish it again.") % {"why": " ".join(why)}


def open_part(user: User, way: str) -> Verdict:
    """Whether this part of Wagtail's admin is there for somebody who edits pages. way: the address after /cms/."""
    part, _slash, rest = way.partition("/")
    people = part in NOBODYS or (part == "bulk" and rest.partition("/")[0] not in BULK)
    mine = user.is_superuser or part in PARTS
    return YES if mine and not people else no(_("This part of the editor is closed."))


class LivePages(PagePermissionPolicy):
    """Wagtail's page permissions as if a group held them on every page: add, change, publish. Never to delete a whole part."""

    def get_all_permissions_for_user(self, user: Any) -> list[GroupPagePermission]:
        """Rows that are in no table: their keys are below all that a table has."""
        if user.is_superuser or not edit_pages(user):  # Wagtail itself lets a superuser do everything
            return []
        held = [Permission(codename=f"{verb}_page") for verb in ("add", "change", "publish")]
        root = Page.get_first_root_node()
        return [GroupPagePermission(pk=-n, page=root, permission=each) for n, each in enumerate(held, 1)]


class LiveUploads(CollectionOwnershipPermissionPolicy):
    """Images and documents: everybody who writes pages chooses from all, adds, and changes what they added."""

    def get_all_permissions_for_user(self, user: Any) -> list[GroupCollectionPermission]:
        """Both kinds at once: Wagtail keeps the two answers under one name."""
        if user.is_superuser or not edit_pages(user):
            return []
        held = [Permission(codename=f"{verb}_{kind}") for kind in ("image", "document") for verb in ("add", "choose")]
        root = Collection.get_first_root_node()
        return [GroupCollectionPermission(pk=-n, collection=root, permission=each) for n, each in enumerate(held, 1)]
