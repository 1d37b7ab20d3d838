"""The sentences of the chain about public pages."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "page.published": _("The page “%(title)s” was published."),
    "page.unpublished": _("The page “%(title)s” was taken down."),
}
