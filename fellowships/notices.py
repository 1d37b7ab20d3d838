"""Who is told what about a cycle."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import notify
from fellowships.models import Fellow


def fellow_invited(fellow: Fellow, user: User) -> None:
    """To somebody who takes part from now on: what they find here, and how to sign in."""
    cycle = fellow.cycle
    names = {"cycle": cycle, "programme": cycle.programme}
    first = _("You take part in %(cycle)s of %(programme)s. Your placement, your host and what is due stand here.") % names
    how = _("Sign in with this e-mail address. If you have no password yet, choose “Set or forgot password” there.")
    text = notify.Text(
        subject=_("%(cycle)s of %(programme)s: your sign-in") % names,
        lines=(first, how),
        link=reverse("account_login"),
        link_label=_("Sign in"),
        why=_("You get this mail because a programme coordinator entered you with this address."),
    )
    notify.post(f"fellow:{fellow.pk}", [user.email], text, about=fellow)
