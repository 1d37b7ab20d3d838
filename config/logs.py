"""How a line of the log is written: plain, with its time in UTC, and without the addresses of people."""

import logging
import re
import time

ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


class Trouble(logging.Filter):
    """Only what went wrong. For loggers whose level somebody else sets again."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


class Plain(logging.Formatter):
    """2027-03-01T09:30:00Z WARNING django.request: Not Found: /x. A mail address anywhere in it, tracebacks too, is left out."""

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        return ADDRESS.sub("(address)", super().format(record))
