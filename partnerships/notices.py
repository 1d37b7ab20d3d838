"""Who is told what about organisations."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import notify
from partnerships.models import Membership


def member_invited(membership: Membership, user: User) -> None:
    """To the person who got a role: what it lets them do, and how to sign in."""
    organisation, role = membership.organisation, membership.role_label
    first = _("You are now %(role)s of %(organisation)s on this site.") % {"role": role, "organisation": organisation}
    how = _("Sign in with this e-mail address. If you have no password yet, choose “Set or forgot password” there.")
    text = notify.Text(
        subject=_("Your role at %(organisation)s") % {"organisation": organisation},
        lines=(first, how),
        link=reverse("account_login"),
        link_label=_("Sign in"),
        why=_("You get this mail because a programme coordinator entered you with this address."),
    )
    notify.post(f"member:{membership.pk}", [user.email], text, about=organisation)
