"""The clock: ask for the jobs of the day, once, or every so many seconds until the process is ended."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from core import jobs


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on, with this pause")

    def handle(self, *args: Any, every: int | None = None, **options: Any) -> None:
        while True:
            try:
                asked = jobs.tick(timezone.now())
                self.stdout.write(f"{asked} jobs asked for.") if asked or not every else None
            except DatabaseError as error:  # away for a moment: the next round catches up
                if not every:
                    raise
                self.stderr.write(f"The database did not answer: {error}")
            if not every:
                return
            close_old_connections()
            time.sleep(every)
