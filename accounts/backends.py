"""How somebody is let in, and what a library hears that asks what they may."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User, signed_in_by
from core import access


class SignIn(AuthenticationBackend):
    """By e-mail address and password. What somebody may comes from live roles: stored grants to users or groups are none."""

    def get_user(self, user_id: int) -> User | None:
        """Whose session it is, at each request, with `places`: at how many they act today."""
        user = signed_in_by(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        """Asked without an object, as libraries do: does any live role give it anywhere? Read afresh each time."""
        return obj is None and any(access.reach(user_obj, perm).scopes.values())

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return False

    def _get_permissions(self, user_obj: User, obj: Any, from_name: str) -> set[str]:
        return set()

    @classmethod
    def _stash_user(cls, user: Any) -> None:
        """Nobody is kept aside: to a closed sign-in the answer is the same as to a wrong password."""
