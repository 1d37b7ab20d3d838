"""allauth's own signals, the one place where they are heard: each calls an action."""

from typing import Any

from allauth.account.signals import password_reset

from accounts import actions
from accounts.models import User


def on_password_set(sender: type[User], user: User, **kwargs: Any) -> None:
    actions.note_password_set(user=user, by=user)


def connect() -> None:
    """Called once, when the app is ready."""
    password_reset.connect(on_password_set, dispatch_uid="accounts.password_set")
