"""What the import commands have in common: find the mapping, show the faults, try or do it, say what came of it."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from core.imports import (
    ImportRefused,
    Mapping,
    MappingRefused,
    Result,
    Schema,
    Table,
    Tally,
    find_mapping,
    load_mapping,
    load_mappings,
    read_tables,
    translate,
    write_faults,
)
from core.imports.proposing import explain_misfit
from core.imports.translating import Known
from core.landing import DryRun
from core.models import ImportMapping


class ImportCommand(BaseCommand):
    """Reads one file or a directory. Subclasses say what can be imported and how it lands."""

    schema: ClassVar[Schema]
    shipped: ClassVar[Path]
    source_help: ClassVar[str] = "a file"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help=self.source_help)
        parser.add_argument(
            "--mapping", type=Path, help="which column is what (docs/imports.md); else one is found by the columns"
        )
        parser.add_argument("--dry-run", action="store_true", help="do everything and take it back")
        parser.add_argument("--faults", type=Path, help="write every fault with its row to this CSV file")

    def known(self, mapping: Mapping, options: dict[str, Any]) -> Known:
        """Records that rows may refer to though no file has them."""
        return {}

    @abstractmethod
    def land(self, result: Result, mapping: Mapping, *, dry_run: bool, options: dict[str, Any]) -> list[Tally]:
        """Write the records by an action; the tallies, in the order in which they are printed."""

    @abstractmethod
    def remember(self, mapping: Mapping) -> None:
        """Keep the mapping for the next file with these columns."""

    def handle(self, *args: Any, path: Path, mapping: Path | None, dry_run: bool, faults: Path | None, **options: Any) -> None:
        try:
            tables = read_tables(path)
            chosen = self.given(mapping) if mapping else self.found(tables)
            result = translate(self.schema, chosen, tables, self.known(chosen, options))
        except (ImportRefused, MappingRefused) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror or error}") from None
        try:
            tallies = self.land(result, chosen, dry_run=dry_run, options=options)
        except DryRun as tried:
            tallies = tried.tallies
        except IntegrityError as error:
            raise CommandError(f"What the files say contradicts what is on record; nothing was written. {error}") from None
        if mapping and not dry_run:
            self.remember(chosen)
        self.tell(result, tallies, chosen, faults, dry_run)

    def given(self, path: Path) -> Mapping:
        """The mapping file that was named."""
        return load_mapping(path, self.schema)

    def found(self, tables: list[Table]) -> Mapping:
        """A remembered or shipped mapping that fits the columns. Raises CommandError with columns and suggestions."""
        known = [*self.remembered(), *load_mappings(self.shipped, self.schema)]
        chosen = find_mapping(known, tables)
        if chosen is None:
            raise CommandError(explain_misfit(self.schema, known, tables))
        return chosen

    def remembered(self) -> list[Mapping]:
        """Those that were used with success for this kind of import, the latest first; one that no longer reads is left out."""
        found = []
        for row in ImportMapping.objects.filter(belongs="").order_by("-changed"):
            try:
                found.append(load_mapping(row.text, self.schema))
            except MappingRefused:
                continue
        return found

    def tell(self, result: Result, tallies: list[Tally], mapping: Mapping, faults: Path | None, dry_run: bool) -> None:
        """One line per kind, then how many faults there are and where they can be read."""
        for tally in tallies:
            self.stdout.write(str(tally))
        self.stderr.write(f"Read with the mapping “{mapping.title}”.")
        for name in result.unused:
            self.stderr.write(f"Not read: {name}")
        if faults:
            write_faults(faults, result.faults)
            self.stderr.write(f"{len(result.faults)} faults, written to {faults}.")
        else:
            for fault in result.faults[:20]:
                self.stderr.write(str(fault))
            if len(result.faults) > 20:
                self.stderr.write(f"… and {len(result.faults) - 20} more faults; --faults FILE writes them all.")
        if dry_run:
            self.stderr.write("Tried only: nothing was written.")
