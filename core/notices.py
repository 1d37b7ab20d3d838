"""Who is told of what core does by itself: the end of the audit chain, once a day; and of what is shared with them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import access, audit, notify
from core.models import Anchor


def chain_anchored(anchor: Anchor) -> None:
    """To who audits or administers, and to the addresses that the operator names: each address once."""
    keepers = audit.keepers()
    known = {address.casefold() for address in keepers}
    others = [address for address in settings.AUDIT_MAIL if address.casefold() not in known]
    for addresses, why in [
        (keepers, _("You get this mail once a day because you audit a programme or administer this site.")),
        (others, _("You get this mail once a day because the operator of this site names this address (AUDIT_MAIL).")),
    ]:
        notify.post(f"anchor:{anchor.day.isoformat()}", addresses, _text(anchor, why), about=anchor)


def _text(anchor: Anchor, why: str) -> notify.Text:
    words = {"day": date_format(anchor.day, "j F Y"), "seq": anchor.seq, "site": settings.BASE_URL}
    return notify.Text(
        subject=_("Keep this: the audit chain of %(day)s ends with event %(seq)s") % words,
        lines=(
            str(anchor),
            _(
                "This is the end of the audit chain of %(site)s on %(day)s. Every change on record there is in the chain, and"
                " this line vouches for all of them up to event %(seq)s."
            )
            % words,
            _(
                "Keep this mail where nobody who runs the site can change it; a folder of your mailbox will do. There is nothing"
                " else to do."
            ),
            _(
                "If you ever doubt the records, ask whoever runs the site to let you see the answer to this command. It says"
                " whether anything up to that day was rewritten or cut off:"
            ),
            f"manage.py verify_audit --anchor {anchor}",
        ),
        link=reverse("public_anchor_list"),
        link_label=_("The ends of all days, in public"),
        why=why,
    )


def shared(obj: Any, user: Any, until: date | None) -> None:
    """To whom a record is shared with: what that opens, for how long, and where it is."""
    words = {"title": obj, "day": until and date_format(until, "j F Y")}
    line = _("You can read it until %(day)s.") if until else _("You can read it until somebody ends that.")
    text = notify.Text(
        subject=_("Shared with you: %(title)s") % words,
        lines=(_("It makes you: %(part)s. %(sentence)s") % _part(obj), line % words),
        link=reverse(f"{obj._meta.app_label}:{obj._meta.model_name}_detail", args=[obj.ref]),
        link_label=_("Open it"),
        why=_("You get this mail because a coordinator shared “%(title)s” with you.") % words,
    )
    notify.post(f"shared:{obj.ref}:{user.pk}:{timezone.now().isoformat()}", [user.email], text, about=obj)


def _part(obj: Any) -> dict[str, Any]:
    part = access.share_of(obj).part
    return {"part": part.label, "sentence": part.sentence}
