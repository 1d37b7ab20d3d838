"""By the clock: fetch, call the action."""

from collections.abc import Callable
from datetime import date
from functools import partial

from core.access import HOUSE
from partnerships import actions
from partnerships.models import FollowUp
from partnerships.states import Letter


def ask_follow_ups(day: str) -> None:
    """Whatever is due by this day, however many nights were missed: what is over is given up first, then asked anew.

    One that fails does not hold up the others; the job is then tried again, and what was done is not done twice.
    """
    today, by = date.fromisoformat(day), HOUSE
    failed: list[Exception] = []
    for follow_up in FollowUp.objects.silent(today).select_related("output__hackathon__programme"):
        act = actions.give_up_follow_up if follow_up.letters >= len(Letter) else actions.remind_owner
        _try(partial(act, follow_up=follow_up, today=today, by=by), failed)
    for follow_up in FollowUp.objects.due_to_ask(today).select_related("output__hackathon__programme"):
        _try(partial(actions.ask_follow_up, follow_up=follow_up, today=today, by=by), failed)
    if failed:
        raise ExceptionGroup("some questions could not be asked", failed)


def _try(act: Callable[[], None], failed: list[Exception]) -> None:
    try:
        act()
    except Exception as error:
        failed.append(error)
