"""Import the projects of a programme, and the organisations whose they are, from a file or a directory."""

from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser

from core.access import HOUSE
from core.imports import Mapping, Result, Tally
from core.imports.translating import Known
from core.management.importing import ImportCommand
from fellowships import actions, imports, kinds
from partnerships import actions as partnerships
from partnerships.models import Programme


class Command(ImportCommand):
    help = __doc__
    schema = kinds.PROJECTS
    shipped = kinds.MAPPINGS
    source_help = "a file, or a directory of files"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--programme", required=True, help="its name; it has to be there")

    def known(self, mapping: Mapping, options: dict[str, Any]) -> Known:
        return imports.register_of(mapping.source)

    def land(self, result: Result, mapping: Mapping, *, dry_run: bool, options: dict[str, Any]) -> list[Tally]:
        name = options["programme"].strip()
        programme = Programme.objects.filter(name__iexact=name).first()
        if programme is None:
            raise CommandError(f"There is no programme “{name}”.")
        return actions.import_projects(
            programme=programme,
            source=mapping.source,
            records=result.records,
            tallies=result.tallies(),
            by=HOUSE,
            dry_run=dry_run,
        )

    def remember(self, mapping: Mapping) -> None:
        partnerships.remember_mapping(mapping=mapping, by=HOUSE)
