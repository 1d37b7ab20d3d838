"""What the pages of agreements and duties need beyond the components: states in our look, blanks made visible, waits in words."""

import re
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags import ui
from mou.models import Agreement, Duty

register = template.Library()
BLANK = re.compile(r"(\[\[[^\[\]]{1,200}\]\])")


@register.simple_tag
def agreement_state(agreement: Agreement) -> SafeString:
    """The word of the state with its tone and sign."""
    return ui.state(agreement.get_state_display(), agreement.tone, agreement.sign)


@register.simple_tag
def duty_state(duty: Duty) -> SafeString:
    """Where the duty stands today, late included."""
    word, tone = duty.standing()
    return ui.state(word, tone, duty.sign())


@register.filter
def marked(text: str, draft: bool) -> SafeString | str:
    """The blanks of a draft, [[label]], as marked words. A frozen text has none: there it is only text."""
    if not draft:
        return text
    parts = BLANK.split(text)
    return format_html_join("", "{}", ((_mark(part) if BLANK.fullmatch(part) else part,) for part in parts))


def _mark(blank: str) -> SafeString:
    return format_html('<mark><span class="vh">{} </span>{}</mark>', _("Still blank:"), blank[2:-2])


@register.filter
def waiting(days: int) -> str:
    """Waiting 18 days; on the first day: since today."""
    return ngettext("Waiting %(days)s day", "Waiting %(days)s days", days) % {"days": days} if days else _("Since today")


@register.filter
def day_of(value: str | None) -> date | None:
    """An ISO day of the frozen text as a date."""
    return date.fromisoformat(value) if value else None
