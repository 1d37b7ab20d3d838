"""Build the demo through the apps' own actions, once, and say who can sign in as what."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import jobs
from core.demo import PASSWORD, the_demo

EARLIEST, LATEST = date(2010, 1, 1), date(2100, 1, 1)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day; write it as 2026-11-21.") from None
    if not EARLIEST <= day <= LATEST:
        raise ArgumentTypeError(f"The story can be told of a day from {EARLIEST} to {LATEST}.")
    return day


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--who", action="store_true", help="build nothing; only say who can sign in")
        parser.add_argument(
            "--today",
            type=_day,
            metavar="DATE",
            help="the day of which it tells, as 2026-11-21; else this day",
        )

    def handle(self, *args: Any, who: bool, today: date | None, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's people all have the same known password: not on an installation that others reach.")
        demo = the_demo()
        if not who:
            built = demo.build(today or timezone.localdate())
            if built:
                jobs.give_way()
            self.stdout.write("The demo was built; its PDFs and mails are made by the worker." if built else "The demo is there.")
        people = demo.who()
        if not people:
            self.stdout.write("Nobody: the demo has not been built.")
            return
        self.stdout.write(f"\nSign in at {settings.BASE_URL}{settings.LOGIN_URL} with the password “{PASSWORD}” as\n")
        wide = max(len(person.email) for person in people)
        for person in people:
            self.stdout.write(f"  {person.email:<{wide}}  {person.name}: {person.role}")
