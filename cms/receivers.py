"""Wagtail's own signals, the one place where they are heard: each calls an action."""

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from cms import actions
from core.access import HOUSE


def on_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    actions.page_published(page=instance, by=HOUSE)


def on_unpublished(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    actions.page_unpublished(page=instance, by=HOUSE)


def connect() -> None:
    """Called once, when the app is ready."""
    page_published.connect(on_published, dispatch_uid="cms.published")
    page_unpublished.connect(on_unpublished, dispatch_uid="cms.unpublished")
