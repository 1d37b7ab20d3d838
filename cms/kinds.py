"""The three levels, how long a summary is, how words are compared, and the sentences of the chain about public pages."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed
from core.privacy import End, Nobody, Personal

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


# What Wagtail keeps of people.

WORK = _("The page or file belongs to the site; who made it is forgotten.")


def _theirs(title: Any, path: str, *exported: str, files: tuple[str, ...] = ()) -> Personal:
    """What they made, and what goes on without them."""
    return Personal(title, (path,), exported, End.EMPTIED, WORK, {path: None}, files)


def _their_own(title: Any, *exported: str, path: str = "user") -> Personal:
    """What ends with the sign-in."""
    return Personal(title, (path,), exported, End.DELETED)


STORY_RECORD = Nobody(_("Which records a case study shows."))
PERSONAL: dict[str, Any] = {
    "wagtailcore.Page": (
        _theirs(_("Pages written"), "owner", "title", "first_published_at"),
        _theirs(_("Pages locked"), "locked_by", "title", "locked_at"),
    ),
    "wagtailcore.Revision": _theirs(_("Versions of pages written"), "user", "object_str", "created_at"),
    "wagtailcore.PageLogEntry": _theirs(_("What was done with pages"), "user", "label", "action", "timestamp"),
    "wagtailcore.ModelLogEntry": _theirs(_("What was done in the editor"), "user", "label", "action", "timestamp"),
    "wagtailcore.WorkflowState": _theirs(_("Pages put to be approved"), "requested_by", "status", "created_at"),
    "wagtailcore.TaskState": _theirs(_("Pages approved"), "finished_by", "status", "comment", "finished_at"),
    "wagtailcore.Comment": (
        Personal(_("Comments on pages"), ("user",), ("text", "created_at"), End.DELETED, spreads=True),
        _theirs(_("Comments on pages settled"), "resolved_by", "text", "resolved_at"),
    ),
    "wagtailcore.CommentReply": _their_own(_("Replies to comments"), "text", "created_at"),
    "wagtailcore.PageSubscription": _their_own(_("Pages followed"), "page"),
    "wagtailcore.APIToken": _their_own(_("Keys for programs"), "name", "created", "last_used_at"),
    "wagtailcore.UploadedFile": Personal(
        _("Files being uploaded"), ("uploaded_by_user",), ("file",), End.DELETED, files=("file",)
    ),
    "wagtailadmin.EditingSession": _their_own(_("Open editors"), "last_seen_at"),
    "wagtailadmin.FormState": _their_own(_("Unsaved texts of the editor"), "data", "last_updated_at"),
    "wagtailusers.UserProfile": Personal(
        _("Settings of the editor"),
        ("user",),
        ("preferred_language", "current_time_zone", "avatar"),
        End.DELETED,
        files=("avatar",),
    ),
    "wagtaildocs.Document": _theirs(_("Documents uploaded"), "uploaded_by_user", "title", "created_at", "file", files=("file",)),
    "wagtailimages.Image": _theirs(_("Pictures uploaded"), "uploaded_by_user", "title", "created_at", "file", files=("file",)),
    "wagtailcore.Collection": Nobody(_("The name of a folder of files.")),
    "wagtailcore.Site": Nobody(_("The name of a site.")),
    "wagtailcore.Task": Nobody(_("The name of a step of approval.")),
    "wagtailcore.Workflow": Nobody(_("The name of a way to approval.")),
    "wagtailembeds.Embed": Nobody(_("Who made a film elsewhere; embedding is off here.")),
    "taggit.Tag": Nobody(_("A word under which files are found.")),
}
