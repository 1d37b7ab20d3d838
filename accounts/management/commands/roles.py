"""`manage.py roles`: writes the roles and what each may do into docs/roles.md, below its head."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.reports import PAGE, as_page


class Command(BaseCommand):
    help = "Write the roles and what each may do into docs/roles.md, below what was written by hand."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(as_page())
        self.stdout.write(f"Written: {PAGE}")
