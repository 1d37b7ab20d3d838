"""Import organisations into the register from a CSV or XLSX file."""

from typing import Any

from core.access import HOUSE
from core.imports import Mapping, Result, Tally
from core.imports.translating import Known
from core.management.importing import ImportCommand
from partnerships import actions, kinds
from partnerships.models import register_as_known


class Command(ImportCommand):
    help = __doc__
    schema = kinds.SCHEMA
    shipped = kinds.MAPPINGS

    def known(self, mapping: Mapping, options: dict[str, Any]) -> Known:
        return {"organisations": register_as_known(mapping.source)}

    def land(self, result: Result, mapping: Mapping, *, dry_run: bool, options: dict[str, Any]) -> list[Tally]:
        tally = result.tallies()["organisations"]
        return actions.import_organisations(
            source=mapping.source, records=result.records["organisations"], tally=tally, by=HOUSE, dry_run=dry_run
        )

    def remember(self, mapping: Mapping) -> None:
        actions.remember_mapping(mapping=mapping, by=HOUSE)
