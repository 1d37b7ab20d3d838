"""Who is told what about their sign-in."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import notify


def password_set(user: User) -> None:
    """To whom the sign-in belongs: if it was somebody else, they read it here."""
    text = notify.Text(
        subject=_("Your password was set"),
        lines=(
            _("Somebody used the link that we mailed to this address and set a new password. Every earlier session is closed."),
            _("If it was you, there is nothing to do. If not, set another one now, and tell whoever runs this site."),
        ),
        link=reverse("account_reset_password"),
        link_label=_("Set another password"),
        why=_("You get this mail because the password of your sign-in changed. It cannot be turned off."),
    )
    notify.post(f"password-set:{user.pk}:{timezone.now().isoformat()}", [user.email], text, about=user)
