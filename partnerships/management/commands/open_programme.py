"""Open a programme, and name who coordinates it. For the operator: the first one on a new installation."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.access import HOUSE
from core.action import action
from partnerships import actions, notices
from partnerships.management.people import known_or_new, way_in
from partnerships.models import Organisation, Programme


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", help="its name, as the public reads it")
        parser.add_argument("--coordinator", metavar="EMAIL", default="", help="the address of who coordinates it")
        parser.add_argument("--name", default="", help="of the coordinator; needed when the address is new here")
        parser.add_argument("--organisation", default="", help="that signs for it: name or reference, from the register")

    def handle(self, *args: Any, programme: str, **options: Any) -> None:
        try:
            opened, said = _open(name=programme.strip(), options=options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{opened.name} is open: /desk/programmes/{opened.ref}/")
        if options["coordinator"]:
            self.stdout.write(f"{options['coordinator']} coordinates it. {said}")
        else:
            self.stdout.write(
                f'Nobody coordinates it yet: manage.py grant EMAIL coordinator --programme "{opened.name}" --name …'
            )


@action
def _open(*, name: str, options: dict[str, Any]) -> tuple[Programme, str]:
    """All or nothing: a mistyped coordinator leaves no programme behind."""
    if not name:
        raise CommandError("A programme needs a name.")
    organisation = None
    if options["organisation"]:
        organisation = Organisation.objects.all().called(options["organisation"])
        if organisation is None:
            raise CommandError(f"There is no organisation “{options['organisation']}” in the register.")
    person = known_or_new(options["coordinator"], options["name"]) if options["coordinator"] else None
    programme = actions.open_programme(name=name, organisation=organisation, coordinator=person, by=HOUSE)
    said = way_in(person, notices.to_programme(programme, "coordinator")) if person else ""
    return programme, said
