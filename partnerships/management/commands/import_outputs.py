"""Import what the teams of a hackathon made from a CSV or XLSX file, into an open hackathon."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.core.management.base import CommandParser

from core.access import HOUSE
from core.imports import Mapping, Result, Tally
from core.imports.translating import Known
from core.management.importing import ImportCommand
from partnerships import actions, imports, kinds
from partnerships.models import Hackathon


class Command(ImportCommand):
    help = __doc__
    schema = kinds.OUTPUTS
    shipped = kinds.MAPPINGS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--hackathon", required=True, help="its reference, as in the address of its page")

    def known(self, mapping: Mapping, options: dict[str, Any]) -> Known:
        return imports.register_of(mapping.source)

    def land(self, result: Result, mapping: Mapping, *, dry_run: bool, options: dict[str, Any]) -> list[Tally]:
        hackathon = Hackathon.objects.filter(ref__iexact=options["hackathon"].strip()).first()
        if hackathon is None:
            raise CommandError(f"There is no hackathon “{options['hackathon']}”.")
        try:
            return actions.import_outputs(
                hackathon=hackathon,
                source=mapping.source,
                records=result.records,
                tallies=result.tallies(),
                by=HOUSE,
                dry_run=dry_run,
            )
        except PermissionDenied as error:
            raise CommandError(str(error)) from None

    def remember(self, mapping: Mapping) -> None:
        actions.remember_mapping(mapping=mapping, by=HOUSE)
