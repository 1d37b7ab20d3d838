"""What pages are put together from: words only. No raw HTML, no embeds."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock


class PointBlock(StructBlock):
    """A few words and a sentence or two beneath them."""

    title = CharBlock(max_length=60, label=_("Words"))
    text = CharBlock(max_length=300, label=_("Text"))

    class Meta:
        icon = "list-ul"
        label = _("Point")
