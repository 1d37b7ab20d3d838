"""Named moments of a hackathon, reached through the actions alone: the demo shows them and the tests start from them."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from accounts.models import Person, User
from core.access import Actor
from core.demo import at
from partnerships import actions, jobs
from partnerships.models import FollowUp, Hackathon, Organisation, Output, Programme
from partnerships.states import FollowUpState, Outcome

TEXT = Path(__file__).resolve().parent / "texts" / "demo" / "hackathon.yaml"
Answer = Callable[[FollowUp, date], Mapping[str, Any] | None]


def hackathon_open(
    programme: Programme, organiser: Organisation, *, ends: date, by: Actor, titles: Iterable[str] = (), title: str = ""
) -> Hackathon:
    """Two days with outputs that nobody answers for yet."""
    hackathon = actions.open_hackathon(
        programme=programme,
        organiser=organiser,
        title=title or f"Hackathon {ends.year}",
        starts=ends - timedelta(days=1),
        ends=ends,
        by=by,
    )
    for each in titles:
        actions.add_output(hackathon=hackathon, title=each, by=by)
    return hackathon


def hackathon_closed(hackathon: Hackathon, agency: Organisation, owner: Person, *, by: Actor) -> Hackathon:
    """Every output without an owner gets this one; then it is closed and its questions are planned."""
    for output in Output.objects.filter(hackathon=hackathon).incomplete():
        actions.name_owner(output=output, agency=agency, owner=owner, by=by)
    actions.close_hackathon(hackathon=hackathon, by=by, on=hackathon.ends)
    return hackathon


def live_through(hackathon: Hackathon, until: date, answer: Answer) -> None:
    """Night by night from its last day: the clock asks; each day answer(question, day) says what the owner answers, if so.

    An answer is what actions.answer_follow_up takes, with `by`.
    """
    day = hackathon.ends
    while day <= until:
        with _on(day):
            jobs.ask_follow_ups(day.isoformat())
            asked = FollowUp.objects.filter(output__hackathon=hackathon, state=FollowUpState.ASKED)
            for question in asked.select_related("output__hackathon", "output__owner").order_by("pk"):
                given = answer(question, day)
                if given is not None:
                    actions.answer_follow_up(follow_up=question, on=day, **given)
        day += timedelta(days=1)


def _on(day: date) -> AbstractContextManager[None]:
    return at(datetime.combine(day, time(9), UTC))


@lru_cache
def text() -> Any:
    """The shipped hackathon with its 21 outputs and their fates."""
    import yaml

    return yaml.safe_load(TEXT.read_text())


def open_water(
    programme: Programme, organisations: Mapping[str, Organisation], users: Mapping[str, User], *, today: date, by: User
) -> Hackathon:
    """The demo's hackathon, 219 days ago: closed, published, the questions after 30, 90 and 180 days over.

    organisations, users: by the ids of the texts; each owner holds a role at their agency.
    """
    told, ends = text(), today - timedelta(days=text()["days_ago"])
    facts = {name: told[name] for name in ("title", "summary", "venue", "in_person", "online", "users")}
    with _on(ends - timedelta(days=40)):
        hackathon = actions.open_hackathon(
            programme=programme,
            organiser=organisations[told["organiser"]],
            starts=ends - timedelta(days=told["days"] - 1),
            ends=ends,
            by=by,
            **facts,
        )
    with _on(ends):
        fates = _owned(hackathon, told, organisations, users, by)
        actions.close_hackathon(hackathon=hackathon, by=by, on=ends)
        actions.publish_hackathon(hackathon=hackathon, by=by)
    live_through(hackathon, today, lambda question, day: _fate(question, day, *fates[question.output_id]))
    return hackathon


def _owned(
    hackathon: Hackathon,
    told: Mapping[str, Any],
    organisations: Mapping[str, Organisation],
    users: Mapping[str, User],
    by: Actor,
) -> dict[int, tuple[User, Any]]:
    """Every output of the text with its owner; {output: (who answers, what)}."""
    fates: dict[int, tuple[User, Any]] = {}
    for row in told["outputs"]:
        place = told["agencies"][row["challenge"]]
        output = _output(hackathon, row, by)
        owner = users[place["owner"]]
        assert owner.person is not None  # everybody in the demo was made with one
        actions.name_owner(output=output, agency=organisations[place["agency"]], owner=owner.person, by=by)
        fates[output.pk] = owner, row
    return fates


def _output(hackathon: Hackathon, row: Mapping[str, Any], by: Actor) -> Output:
    facts = {name: row[name] for name in ("title", "kind", "summary", "next_step", "prize", "users") if name in row}
    return actions.add_output(hackathon=hackathon, team_size=row["team"], by=by, **facts)


def _fate(question: FollowUp, day: date, owner: User, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Owners answer within a week; where the text says unknown, they never do."""
    outcome, *evidence = row["fates"].get(question.days, [Outcome.UNKNOWN])
    assert question.asked_on is not None  # it is open
    if outcome == Outcome.UNKNOWN or (day - question.asked_on).days < question.output.number % 6:
        return None
    return {"outcome": outcome, "evidence": "".join(evidence), "reason": row.get("reason", ""), "by": owner}
