"""What may be consented to, and the sentences of the chain about people."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ConsentItem:
    """One thing a person may agree to; `version` changes with the text."""

    slug: str
    label: Any
    text: Any
    version: str


CONSENT_ITEMS = {
    item.slug: item
    for item in [
        ConsentItem(
            "public_name",
            _("My name on public pages"),
            _(
                "My name may stand on the public pages about the work I took part in. I can take this back at any time; "
                "it is then gone from every page at once. Agreements that I signed keep my printed name."
            ),
            "2026-11",
        ),
    ]
}


def consent_choices() -> list[tuple[str, Any]]:
    """Callable, so that a new item needs no migration."""
    return [(item.slug, item.label) for item in CONSENT_ITEMS.values()]


SENTENCES = {
    "person.added": _("%(who)s added this person."),
    "person.sign_in_opened": _("%(who)s opened a sign-in."),
    "person.password_set": _("%(who)s set a new password."),
    "person.sign_in_closed": _("%(who)s closed the sign-in."),
    "person.consented": _("%(who)s agreed to “%(item)s”."),
    "person.consent_withdrawn": _("%(who)s took back the agreement to “%(item)s”."),
}
