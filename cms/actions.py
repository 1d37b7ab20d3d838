"""What follows when Wagtail has published or taken down a page: record it, and let the public pages go."""

from wagtail.models import Page

from core import audit, public
from core.access import Actor
from core.action import action


@action
def page_published(*, page: Page, by: Actor) -> None:
    """Wagtail's own log says who; the chain says that and when."""
    audit.record("page.published", page, by=by, title=page.title)
    public.touch()


@action
def page_unpublished(*, page: Page, by: Actor) -> None:
    """It is gone at the next request."""
    audit.record("page.unpublished", page, by=by, title=page.title)
    public.touch()

