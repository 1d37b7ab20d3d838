"""Give a sign-in another address. For the operator: at the desk an administrator does it, where nobody else may."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import actions
from accounts.models import Person
from core.access import HOUSE


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", help="the address that opens today")
        parser.add_argument("new", help="the address that opens from now on; its password is set by a mailed link")
        parser.add_argument("--reason", required=True, help="how you know that it is theirs; it stands in the timeline for good")

    def handle(self, *args: Any, old: str, new: str, reason: str, **options: Any) -> None:
        person = Person.objects.all().with_address(old).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {old}.")
        try:
            validate_email(new)
            actions.change_address(person=person, email=new, reason=reason, by=HOUSE)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{person.name} signs in with {new} from now on. Both addresses are told.")
