"""Signals of Django and allauth, the one place where they are heard: each calls an action or stamps the session."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_reset
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from accounts import actions
from accounts.middleware import prove
from accounts.models import User


def on_password_set(sender: type[User], user: User, **kwargs: Any) -> None:
    actions.note_password_set(user=user, by=user)


def on_signed_in(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The whole way in is behind them, with as many steps as this sign-in has.

    Who comes from a provider proved themselves there, perhaps hours ago; unless they typed a code here as well.
    """
    vouched = getattr(request, "vouched", None)
    if vouched:
        prove(request, by_step=vouched.stepped, at=vouched.at)
    else:
        prove(request, by_step=any(step.get("method") == "mfa" for step in get_authentication_records(request, user)))


def connect() -> None:
    """Called once, when the app is ready."""
    password_reset.connect(on_password_set, dispatch_uid="accounts.password_set")
    user_logged_in.connect(on_signed_in, dispatch_uid="accounts.signed_in")
