"""What the pages of lower apps say of the public pages, at the desk and in public."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import rules
from cms.models import CaseStudyPage
from core.access import published
from core.panels import Panel, Row, Showing

MOST = 20


def pages_of(person: Any, reader: Any) -> Panel:
    """On one's own desk: the way into the editor, for those who may write there, and what of theirs nobody may read and why."""
    if person != reader or not rules.edit_pages(reader):
        return Panel(_("Public pages"), [])
    stories = rules.stories_kept_back()
    hidden = [Row(story.title, reverse("wagtailadmin_pages:edit", args=[story.pk]), why) for story, why in stories]
    return Panel(_("Public pages"), [Row(_("Write and publish pages"), reverse("wagtailadmin_home")), *hidden])


def stories_of(record: Any, reader: Any) -> Panel:
    """On the page of a record: the published case studies that tell of it, the newest first, the same for every reader.

    Who writes pages finds the draft that exists besides, or the way to begin one.
    """
    stories = published(CaseStudyPage).telling_of(record).newest()[:MOST]
    rows = [Row(story.title, story.url, story.partners) for story in stories]
    return Panel(_("Case studies"), [*rows, *_begun(record, reader)])


def _begun(record: Any, reader: Any) -> list[Row]:
    if not rules.edit_pages(reader):
        return []
    draft = rules.draft_of(record)
    if draft is not None:
        return [Row(draft.title, reverse("wagtailadmin_pages:edit", args=[draft.pk]), _("Draft"), "gone")]
    if rules.why_no_story(record):
        return []
    begin = reverse(f"cms:{record._meta.model_name}_story_draft", args=[record.ref])
    return [Row(_("Make a case study"), begin, _("A draft with what is public of this record."), act=True)]


def _in_public() -> QuerySet[CaseStudyPage]:
    return published(CaseStudyPage).newest()


def _story(story: CaseStudyPage) -> Row:
    return Row(story.title, story.url, story.get_level_display())


# The case studies that name an organisation as involved, and those that tell of an agreement.
telling_of = Showing("case_studies", gettext_lazy("Case studies"), _in_public, "agencies__organisation", _story)
told_of = Showing("case_studies", gettext_lazy("Case studies"), _in_public, "records__agreement", _story)
