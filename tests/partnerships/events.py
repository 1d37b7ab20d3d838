"""Hackathons to begin a test with, and the nights after them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from accounts.models import User
from core.access import HOUSE
from core.models import Message
from partnerships import actions, demo
from partnerships.jobs import ask_follow_ups
from partnerships.models import FollowUp, Hackathon, Membership

ENDS = date(2026, 4, 18)
NAMES = ("Leak card", "Boil or not", "Hospital seat")


def gathering(cast: SimpleNamespace, *titles: str, ends: date = ENDS, **facts: Any) -> Hackathon:
    """Open, with these outputs, and nobody answers for any."""
    return demo.hackathon_open(cast.programme, cast.ngo, ends=ends, by=cast.cora, titles=titles or NAMES, **facts)


def closed(cast: SimpleNamespace, *titles: str, ends: date = ENDS, **facts: Any) -> Hackathon:
    """Closed on its last day; Stella of the agency answers for each output."""
    made = gathering(cast, *titles, ends=ends, **facts)
    return demo.hackathon_closed(made, cast.agency, cast.stella.person, by=cast.cora)


def night(day: date) -> None:
    ask_follow_ups(day.isoformat())


def nights(first: date, last: date) -> None:
    """Every night from the one to the other."""
    for number in range((last - first).days + 1):
        night(first + timedelta(days=number))


def question(hackathon: Hackathon, days: int = 30, number: int = 1) -> FollowUp:
    return FollowUp.objects.get(output__hackathon=hackathon, output__number=number, days=days)


def letters(follow_up: FollowUp) -> list[tuple[str, date, str]]:
    """(kind, day, whom) of what left about it."""
    return list(follow_up.reminder_set.values_list("kind", "sent_on", "to"))


def mails(follow_up: FollowUp) -> list[tuple[str, str]]:
    """(address, subject) of what was written about it, in order."""
    about = f"partnerships.followup:{follow_up.ref}"
    return list(Message.objects.filter(about=about).order_by("pk").values_list("to", "subject"))


def leave(user: User) -> None:
    """Every role that somebody holds in an organisation ends."""
    for membership in Membership.objects.live().filter(person=user.person):
        actions.end_membership(membership=membership, by=HOUSE)
