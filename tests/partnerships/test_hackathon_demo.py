"""The hackathon of the demo, built through the actions: 21 outputs, three prizes, and what became of each."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core import audit
from partnerships import actions as partnerships
from partnerships import demo
from partnerships.models import FollowUp, Output, Reminder
from tests.conftest import sign_in_for

pytestmark = pytest.mark.slow


@pytest.fixture
def built(cast) -> SimpleNamespace:
    told = demo.text()
    organisations = {told["organiser"]: cast.elsewhere}
    users = {}
    for place in told["agencies"].values():
        if place["agency"] not in organisations:
            organisations[place["agency"]] = partnerships.add_organisation(name=place["agency"], by=cast.cora)
            user = users[place["owner"]] = sign_in_for(place["owner"])
            partnerships.add_member(
                organisation=organisations[place["agency"]], person=user.person, role="supervisor", by=cast.cora
            )
    today = cast.today + timedelta(days=300)  # the roles of the cast begin today, and the event lies before that day
    made = demo.open_water(cast.programme, organisations, users, today=today, by=cast.cora)
    return SimpleNamespace(hackathon=made, told=told, today=today)


def test_each_output_has_the_fate_that_the_text_tells(cast, built):
    outputs = Output.objects.filter(hackathon=built.hackathon).with_present()
    assert outputs.count() == 21
    assert outputs.filter(prize=True).count() == 3
    told = {row["title"]: row["fates"][180][0] for row in built.told["outputs"]}
    assert {output.title: output.outcome for output in outputs} == told
    counted = Counter(told.values())
    assert {name: number for name, number in outputs.numbers_by_outcome().items() if number} == dict(counted)
    assert counted["unknown"] == 4


def test_three_questions_are_over_and_the_fourth_is_to_come(cast, built):
    questions = FollowUp.objects.filter(output__hackathon=built.hackathon)
    rows = [(row["days"], row["number"], row["asked"], row["answered"] + row["unknown"]) for row in questions.by_days()]
    assert rows == [(30, 21, 0, 21), (90, 21, 0, 21), (180, 21, 0, 21), (365, 21, 0, 0)]
    assert questions.upcoming() == built.hackathon.ends + timedelta(days=365) > built.today
    silent = questions.filter(state="unknown")
    assert sorted(silent.order_by().values_list("reminder__kind", flat=True).distinct()) == ["first", "question", "second"]
    assert Reminder.objects.filter(kind="question").count() == questions.exclude(asked_on=None).count() == 63
    assert audit.verify() is None
