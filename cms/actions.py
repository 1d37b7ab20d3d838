"""What follows when Wagtail has changed what the public reads: record it, and let the public pages go."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms import rules
from cms.models import CaseStudyIndexPage, CaseStudyPage
from core import access, audit, public
from core.access import Actor
from core.action import action


@action
def page_published(*, page: Page, by: Actor) -> None:
    """Everybody reads it at the next request."""
    audit.record("page.published", page, by=by, title=page.title)
    public.touch()


@action
def page_unpublished(*, page: Page, by: Actor) -> None:
    """It is gone at the next request."""
    audit.record("page.unpublished", page, by=by, title=page.title)
    public.touch()


@action
def page_moved(*, page: Page, by: Actor) -> None:
    """It has another address, or another place among its neighbours."""
    audit.record("page.moved", page, by=by, title=page.title)
    public.touch()


@action
def page_deleted(*, page: Page, by: Actor) -> None:
    """It is gone for good; the chain keeps its title."""
    audit.record("page.deleted", page, by=by, title=page.title)
    public.touch()


@action
def publish_story(*, facts: Mapping[str, Any], by: Actor) -> CaseStudyPage:
    """Write a case study and publish it. `facts` are fields of CaseStudyPage.

    Raises ValidationError when it lacks what every case study has, or when there is no list to put it in.
    """
    access.require(rules.edit_pages, by)
    index = CaseStudyIndexPage.shown()
    if index is None:
        raise ValidationError(_("Publish the list of case studies first: every case study stands in it."))
    story: CaseStudyPage = index.add_child(instance=CaseStudyPage(live=False, **facts))
    story.save_revision().publish()
    story.refresh_from_db()
    return story
