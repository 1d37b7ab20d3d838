"""Who is told of what core does by itself: the end of the audit chain, once a day."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit, notify
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
