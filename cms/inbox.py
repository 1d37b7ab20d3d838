"""What waits for those who write the public pages: what was begun and is not public."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import rules
from core.inbox import Waiting

MOST = 8  # lines; the editor lists the rest


def to_publish(user: Any) -> Iterator[Waiting]:
    """Case studies that were begun, and public ones whose changes are not: the one that has waited longest first."""
    if not rules.edit_pages(user):
        return
    for page in rules.unfinished()[:MOST]:
        words = {"title": page.draft_title}
        saved = page.latest_revision_created_at
        yield Waiting(
            _("Publish the changes of “%(title)s”") % words if page.live else _("Finish “%(title)s” and publish it") % words,
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            why=_("Visitors still read the page without them.") if page.live else _("Nobody but those who write pages sees it."),
            since=timezone.localdate(saved) if saved else None,
            act=_("Go on writing"),
        )
