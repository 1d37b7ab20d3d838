"""Deactivate or reactivate a sign-in. For the operator: at the desk administrators and coordinators do it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.models import Person
from core.access import HOUSE


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--deactivate", action="store_true", help="sessions, password and mailed links are dead at once")
        what.add_argument("--reactivate", action="store_true", help="it opens again, with a new password by mail")
        parser.add_argument("--reason", required=True, help="stands in the timeline for good, and in the mail to the person")

    def handle(self, *args: Any, email: str, deactivate: bool, reason: str, **options: Any) -> None:
        person = Person.objects.all().with_address(email).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {email}.")
        act = actions.deactivate_sign_in if deactivate else actions.reactivate_sign_in
        try:
            act(person=person, reason=reason, by=HOUSE)
        except PermissionDenied as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The sign-in of {person.name} is {'deactivated' if deactivate else 'open again'}.")
