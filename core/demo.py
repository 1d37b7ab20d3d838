"""The demo: an app hands in what builds it; the command runs it once and says who can sign in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

PASSWORD = "common-ground-demo"  # noqa: S105 - of an installation that nothing but this machine reaches


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in, and as what."""

    email: str
    name: str
    role: str


@dataclass(frozen=True)
class Demo:
    """build(today) makes it through the apps' actions, or finds that it is there; who() says who can sign in."""

    build: Callable[[date], bool]
    who: Callable[[], list[SignIn]]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock of this process stands at that moment: what a demo tells of last year was done last year.

    For the command that builds a demo, in a process of its own, and for tests; never beside requests.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


_demo: list[Demo] = []


def register(demo: Demo) -> None:
    """Called by one app when it is ready: the highest, which knows all others."""
    _demo[:] = [demo]


def the_demo() -> Demo:
    """Raises LookupError when no app has one."""
    if not _demo:
        raise LookupError("no app has registered a demo")
    return _demo[0]
