"""Import organisations into the register from a CSV or XLSX file."""

from typing import Any

from core.access import HOUSE
from core.imports import Mapping, Result, Tally
from core.management.importing import ImportCommand
from partnerships import actions, kinds


class Command(ImportCommand):
    help = __doc__
    schema = kinds.SCHEMA
    shipped = kinds.MAPPINGS

    def land(self, result: Result, mapping: Mapping, *, dry_run: bool, options: dict[str, Any]) -> list[Tally]:
        tally = result.tallies()["organisations"]
        return actions.import_organisations(
            source=mapping.source, records=result.records["organisations"], tally=tally, by=HOUSE, dry_run=dry_run
        )

    def remember(self, mapping: Mapping) -> None:
        actions.remember_mapping(mapping=mapping, by=HOUSE)
