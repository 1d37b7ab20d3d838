"""What the pages of lower apps say of the public pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cms import rules
from cms.models import CaseStudyPage
from core.access import published
from core.panels import Panel, Row
from fellowships.models import Cycle

MOST = 20


def pages_of(person: Any, reader: Any) -> Panel:
    """On one's own desk: the way into the editor, for those who may write there."""
    mine = person == reader and rules.edit_pages(reader)
    return Panel(_("Public pages"), [Row(_("Write and publish pages"), reverse("wagtailadmin_home"))] if mine else [])


def stories_of(cycle: Cycle, reader: Any) -> Panel:
    """On the page of a cycle: the published case studies that tell of it, the newest first, the same for every reader."""
    stories = published(CaseStudyPage).filter(cycle=cycle).newest()[:MOST]
    return Panel(_("Case studies"), [Row(story.title, story.url, story.partners) for story in stories])
