"""Whom a command is about: the person to whom an address belongs, or somebody new."""

from django.core.management.base import CommandError
from django.core.validators import validate_email

from accounts import actions as accounts
from accounts.kinds import Purpose
from accounts.models import Person, User
from core.access import HOUSE


def known_or_new(email: str, name: str) -> Person:
    """For a command that runs as one action. Raises ValidationError for what is no address, and CommandError."""
    validate_email(email)
    user = User.objects.filter(email__iexact=email).select_related("person").first()
    if user is None:
        if not name.strip():
            raise CommandError(f"Nobody signs in with {email} yet: say who it is with --name.")
        user = accounts.open_sign_in(person=accounts.add_person(name=name.strip(), by=HOUSE), email=email, by=HOUSE)
    if user.person is None:
        raise CommandError(f"{email} belongs to a superuser of this site, who takes no part in the work.")
    return user.person


def way_in(person: Person, purpose: Purpose) -> str:
    """Invite who never came in, as part of the command's action; the sentence that the command ends with."""
    invitation = accounts.invite(person=person, purpose=purpose, by=HOUSE)
    return "An invitation is on its way." if invitation else "They come in as before, or set a password at the sign-in page."
