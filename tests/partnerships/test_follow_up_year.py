"""A year after a hackathon, day by day by the clock, with a third of the nights missing: each question once, none lost."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from core import actions as core
from core import audit
from core.access import HOUSE
from core.jobs import run_jobs, tick
from core.kept import MESSAGES
from core.models import Message
from partnerships import actions
from partnerships.models import FollowUp, Output
from tests.conftest import sign_in_for
from tests.partnerships.events import gathering, leave

DAYS = 420  # the last question is due after 365, and may be open three weeks and the nights that are missed
LEAVES = 120  # the day on which one owner leaves their agency


def answering(cast: SimpleNamespace, day: date) -> None:
    """Each day: the diligent owner answers what is three days old, and the lead what their colleague has left behind."""
    for who, after in ((cast.stella, 3), (cast.leah, 9)):
        for question in FollowUp.objects.visible_to(who, "partnerships.answer_follow_up").asked_of(who):
            if (day - question.asked_on).days >= after:
                actions.answer_follow_up(follow_up=question, outcome="piloted", evidence="Seen", on=day, by=who)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 17])
def test_a_year_with_a_third_of_the_nights_missing(cast, seed):
    cast.leah, cast.sid, cast.lou = (sign_in_for(name) for name in ("leah", "sid", "lou"))
    for user, role in [(cast.leah, "lead"), (cast.sid, "official"), (cast.lou, "official")]:
        actions.add_member(organisation=cast.agency, person=user.person, role=role, by=HOUSE)
    core.hold_retention(kept=MESSAGES, reason="They are counted at the end.", by=HOUSE)
    event = gathering(cast, *(f"Output {n}" for n in range(1, 22)), ends=cast.today)
    owners = [cast.stella, cast.sid, cast.lou]  # who answers, who never does, who leaves
    for output in Output.objects.filter(hackathon=event):
        owner = owners[output.number % 3]
        actions.name_owner(output=output, agency=cast.agency, owner=owner.person, by=cast.cora)
    assert actions.close_hackathon(hackathon=event, by=cast.cora) == 84

    chance, ran = Random(seed), []
    noon = timezone.make_aware(datetime.combine(cast.today, time(12)))
    for number in range(1, DAYS + 1):
        with time_machine.travel(noon + timedelta(days=number), tick=False):
            if chance.random() > 1 / 3:
                tick(timezone.now())
                run_jobs()
                ran.append(timezone.localdate())
            if number == LEAVES:
                leave(cast.lou)
            answering(cast, timezone.localdate())
    assert 230 < len(ran) < 330

    def first_night(day: date) -> date:
        return next(night for night in ran if night >= day)

    questions = FollowUp.objects.select_related("output__owner").prefetch_related("reminder_set")
    assert questions.count() == 84
    week, left = timedelta(days=7), cast.today + timedelta(days=LEAVES)
    for question in questions:
        letters = {letter.kind: (letter.sent_on, letter.to) for letter in question.reminder_set.all()}
        owner, asked = question.output.owner, first_night(question.due)
        assert question.asked_on == asked
        first = first_night(asked + week)
        second = first_night(first + week)
        if owner == cast.stella.person:
            assert letters == {"question": (asked, "owner")}
            assert (question.state, question.answered_by, question.on_behalf) == ("answered", cast.stella.person, False)
            assert question.answered_on == asked + timedelta(days=3)
        elif owner == cast.sid.person or question.due + timedelta(days=30) < left:
            assert letters == {"question": (asked, "owner"), "first": (first, "owner"), "second": (second, "owner")}
            assert (question.state, question.outcome, question.answered_by) == ("unknown", "unknown", None)
        elif asked > left:
            reminded = {"first": (first, "leads")} if first <= asked + timedelta(days=9) else {}
            assert letters == {"question": (asked, "leads")} | reminded
            assert (question.state, question.answered_by) == ("answered", cast.leah.person)
        else:
            assert 1 <= len(letters) <= 3
            assert question.state in ("answered", "unknown")

    counts = questions.counts()
    assert (counts["asked"], counts["scheduled"], counts["answered"] + counts["unknown"]) == (0, 0, 84)
    assert Counter(questions.filter(output__owner=cast.stella.person).values_list("outcome", flat=True)) == {"piloted": 28}
    assert Counter(questions.filter(output__owner=cast.sid.person).values_list("outcome", flat=True)) == {"unknown": 28}
    sent = Message.objects.filter(key__startswith="follow_up:")
    assert sent.count() == sum(len(question.reminder_set.all()) for question in questions)
    assert sent.filter(sent_at=None).count() == 0
    present = Output.objects.filter(hackathon=event).with_present().numbers_by_outcome()
    assert {name: number for name, number in present.items() if number} == {"piloted": 14, "unknown": 7}
    assert audit.verify() is None
