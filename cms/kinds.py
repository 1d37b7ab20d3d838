"""The three levels, how long a summary is, how words are compared, and the sentences of the chain about public pages."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed

SUMMARY_WORDS = 60
WORDS = ["bold", "link", "ol", "ul", "h3", "document-link"]  # no images, embeds or code in running text


class Level(models.TextChoices):
    """How government and people work together. The three names are the World Bank's, word for word (S2-6)."""

    OPENNESS = "openness", _("Openness and transparency")
    PARTICIPATION = "participation", _("Participation and Engagement")
    COLLABORATION = "collaboration", _("Collaboration, co-design, co-creation, co-production")


def few_words(text: str) -> None:
    """Raises ValidationError beyond 60 words: a summary is read on a phone and in a list (requirement S4-5)."""
    count = len(text.split())
    if count > SUMMARY_WORDS:
        raise ValidationError(_("%(count)s words; a summary has at most %(most)s.") % {"count": count, "most": SUMMARY_WORDS})


def fold(text: str) -> str:
    """As words are compared in a search: without accents, without capitals, on one line. The same on every database."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(mark for mark in apart if not unicodedata.combining(mark)).split())


SENTENCES = {
    "page.drafted": _("%(who)s began the case study “%(title)s” from %(source)s."),
    "page.published": _("%(who)s published the page “%(title)s”."),
    "page.unpublished": _("%(who)s took the page “%(title)s” down."),
    "page.moved": _("%(who)s moved the page “%(title)s”."),
    "page.deleted": _("%(who)s deleted the page “%(title)s”."),
}


DEEDS = (
    Kind(
        _("Public page"),
        None,
        (
            deed("edit_pages", _("Write, publish and take down"), "cms.edit_pages"),
            deed("draft_story", _("Begin a case study from a record"), "cms.edit_pages", besides=_("The record is public.")),
        ),
    ),
)
