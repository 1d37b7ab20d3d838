"""What the pages of lower apps say of the public pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cms import rules
from core.panels import Panel, Row


def pages_of(person: Any, reader: Any) -> Panel:
    """On one's own desk: the way into the editor, for those who may write there."""
    mine = person == reader and rules.edit_pages(reader)
    return Panel(_("Public pages"), [Row(_("Write and publish pages"), reverse("wagtailadmin_home"))] if mine else [])
