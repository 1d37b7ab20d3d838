"""Deactivate or reactivate a sign-in, or remove a lost second step. For the operator: at the desk others do it."""

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
        what.add_argument("--clear-second-step", action="store_true", help="a lost phone: password and second step are set anew")
        parser.add_argument("--reason", required=True, help="stands in the timeline for good, and in the mail to the person")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        person = Person.objects.all().with_address(email).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {email}.")
        if options.get("deactivate"):
            act, done = actions.deactivate_sign_in, "is deactivated"
        elif options.get("reactivate"):
            act, done = actions.reactivate_sign_in, "is open again"
        else:
            act, done = actions.clear_steps, "has no second step any more, and no password: both are set anew"
        try:
            act(person=person, reason=reason, by=HOUSE)
        except PermissionDenied as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The sign-in of {person.name} {done}.")
