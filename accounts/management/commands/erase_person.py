"""Erase somebody, or say what that would do. For the operator: at the desk an administrator does it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.models import Person
from core.access import HOUSE
from core.erasing import Overtaken, Plan, plan
from core.privacy import subject_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ref", help="the reference of the person, as their page has it")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--reason", default="", help="why; it stays for good, so without the name and without an address")
        parser.add_argument("--also", action="append", default=[], help="another word to look for in texts, such as a number")
        parser.add_argument("--leave-texts", action="store_true", help="leave the name where it stands in texts of others")

    def handle(
        self, *args: Any, ref: str, dry_run: bool, reason: str, also: list[str], leave_texts: bool, **options: Any
    ) -> None:
        person = Person.objects.filter(ref=ref).first()
        if person is None:
            raise CommandError(f"There is nobody with the reference {ref}.")
        found = plan(subject_of(person).looking_for(also))
        self._tell(found)
        if dry_run:
            self.stdout.write("Nothing was done.")
            return
        if not reason:
            raise CommandError("Say why: --reason.")
        chosen = [] if leave_texts else [mention.key for mention in found.changeable]
        try:
            erasure = actions.confirm_erasure(
                person=person, digest=found.digest, chosen=chosen, reason=reason, also=also, by=HOUSE
            )
            actions.erase_person(erasure=erasure, by=HOUSE)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except (PermissionDenied, Overtaken) as error:
            raise CommandError(str(error) or "The figures changed meanwhile. Run it again.") from None
        self.stdout.write(f"{ref} was erased.")

    def _tell(self, found: Plan) -> None:
        for line in found.lines:
            self.stdout.write(f"{line.number:6}  {line.end.label:8} {line.title}" + (f": {line.because}" if line.because else ""))
        for mention in found.mentions:
            self.stdout.write(
                f"{mention.number:6}  named in {mention.what}" + (f", stays: {mention.because}" if mention.because else "")
            )
            for place, _url in mention.places:
                self.stdout.write(f"          {place}")
        if found.told:
            self.stdout.write(f"{found.told:6}  lines of the log name the person")
