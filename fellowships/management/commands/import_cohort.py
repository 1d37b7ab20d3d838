"""Import the cycles, hosts, projects, fellows and placements of a programme from a directory of CSV or XLSX files."""

from typing import Any

from django.core.management.base import CommandParser

from core.access import HOUSE
from core.action import action
from core.imports import Mapping, Result, Tally
from core.imports.translating import Known
from core.management.importing import ImportCommand
from fellowships import actions, imports, kinds
from partnerships import actions as partnerships
from partnerships.models import Programme


class Command(ImportCommand):
    help = __doc__
    schema = kinds.COHORT
    shipped = kinds.MAPPINGS
    source_help = "a directory of files, or one file"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--programme", required=True, help="its name; a programme of this name is opened if there is none")

    def known(self, mapping: Mapping, options: dict[str, Any]) -> Known:
        return imports.register_of(mapping.source)

    def land(self, result: Result, mapping: Mapping, *, dry_run: bool, options: dict[str, Any]) -> list[Tally]:
        return _land(name=options["programme"].strip(), result=result, mapping=mapping, dry_run=dry_run)

    def remember(self, mapping: Mapping) -> None:
        partnerships.remember_mapping(mapping=mapping, by=HOUSE)


@action
def _land(*, name: str, result: Result, mapping: Mapping, dry_run: bool) -> list[Tally]:
    """One transaction, the programme included: a refused or tried import leaves no empty programme behind."""
    programme = Programme.objects.filter(name__iexact=name).first() or partnerships.open_programme(name=name, by=HOUSE)
    return actions.import_cohort(
        programme=programme,
        source=mapping.source,
        records=result.records,
        tallies=result.tallies(),
        by=HOUSE,
        dry_run=dry_run,
    )
