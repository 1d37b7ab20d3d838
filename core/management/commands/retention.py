"""Delete what has been kept long enough and was announced, as the clock does each night; or only say what it would be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.formats import date_format

from core import actions
from core.access import HOUSE
from core.retention import keepings, outlook, table


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="delete and announce nothing; say how much would go")
        parser.add_argument("--docs", action="store_true", help="print the table of docs/retention.md")

    def handle(self, *args: Any, dry_run: bool, docs: bool, **options: Any) -> None:
        if docs:
            self.stdout.write("\n".join(table()))
            return
        today = timezone.localdate()
        for kept in keepings():
            seen = outlook(kept, today)
            until = date_format(seen.until, "j F Y")
            count = seen.next if dry_run else actions.apply_retention(kept=kept, today=today, by=HOUSE)
            held = f" On hold: {seen.hold.reason}" if seen.hold else ""
            coming = "" if kept.at_once else f" {seen.coming - count} more until {until}."
            self.stdout.write(f"{kept.title}: {count} {'would go' if dry_run else 'went'}.{coming}{held}")
