"""Wagtail's own signals, the one place where they are heard: each calls an action."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms import actions
from core.access import HOUSE, Actor
from core.unit import opened


def _who() -> Actor:
    """Who works in the editor; the house where nobody does, as when the clock publishes what was planned."""
    user = get_active_log_context().user
    return user if user is not None and user.is_authenticated else HOUSE


def _heard(action: Callable[..., None], page: Page) -> None:
    """Joins the action that runs. Wagtail's own transactions are not ours: there the action follows their commit.

    Wagtail hands over now a page of its own kind, now one of no kind, and one that is being deleted loses its key: the chain
    is to know each under one name.
    """
    kind = page.specific_class or type(page)
    call = partial(action, page=kind(pk=page.pk, title=page.title), by=_who())
    if opened.get() is not None:
        call()
    else:
        transaction.on_commit(call)


def on_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    _heard(actions.page_published, instance)


def on_unpublished(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    _heard(actions.page_unpublished, instance)


def on_moved(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    _heard(actions.page_moved, instance)


def on_deleted(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Wagtail deletes from the table of all pages, so this is heard once for each."""
    _heard(actions.page_deleted, instance)


def connect() -> None:
    """Called once, when the app is ready."""
    page_published.connect(on_published, dispatch_uid="cms.published")
    page_unpublished.connect(on_unpublished, dispatch_uid="cms.unpublished")
    post_page_move.connect(on_moved, dispatch_uid="cms.moved")
    page_slug_changed.connect(on_moved, dispatch_uid="cms.slug_changed")
    post_delete.connect(on_deleted, sender=Page, dispatch_uid="cms.deleted")
