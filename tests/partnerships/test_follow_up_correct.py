"""An answer that was wrong is corrected by another one, with the reason; what was said first is never rewritten."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from core.access import HOUSE
from core.models import Event
from partnerships import actions
from partnerships.models import EarlierAnswer, FollowUp, Output
from tests.conftest import sign_in_for
from tests.partnerships.events import closed, leave, night, nights, question
from tests.reading import page, problems, reason, said, typed
from tests.threads import at_once

ASKED = date(2026, 5, 18)
WRONG = {"outcome": "adopted", "evidence": "https://wrong.example/", "reason": "A nurse keeps it alive."}
RIGHT = {"outcome": "piloted", "evidence": "https://water.example/trial", "reason": "A nurse keeps it alive."}
WHY = "The link led to another project."


@pytest.fixture
def answered(cast) -> FollowUp:
    """The first question about the one output of a published hackathon, answered by its owner, Stella, with a wrong link."""
    event = closed(cast, "Boil or not")
    actions.publish_hackathon(hackathon=event, by=cast.cora)
    night(ASKED)
    asked = question(event)
    actions.answer_follow_up(follow_up=asked, by=cast.stella, on=ASKED + timedelta(days=2), **WRONG)
    return asked


def address(follow_up: FollowUp) -> str:
    return f"/desk/follow-ups/{follow_up.ref}/correct/"


def correct(follow_up: FollowUp, by, *, why: str = WHY, shown: int = 0, **facts) -> None:
    actions.correct_follow_up(follow_up=follow_up, by=by, why=why, shown=shown, **(facts or RIGHT))


def test_the_owner_corrects_it_and_what_was_said_first_stays(client, cast, answered):
    client.force_login(cast.stella)
    record = client.get(f"/desk/outputs/{answered.output.ref}/")
    assert "Correct the answer after 30 days" in page(record)
    assert typed(client.get(address(answered)), "evidence") == "https://wrong.example/"
    answer = client.post(address(answered), RIGHT | {"why": WHY, "shown": "0"}, follow=True)
    assert said(answer) == ["Corrected: Piloted. The answer before stays on record."]
    text = page(answer)
    assert "Before: Adopted, Stella, 20 May 2026" in text and f"Corrected: {WHY}" in text
    assert f"Stella corrected the answer after 30 days: Piloted, before Adopted. Why: {WHY}" in text
    answered.refresh_from_db()
    assert (answered.state, answered.outcome, answered.evidence) == ("answered", "piloted", "https://water.example/trial")
    (first,) = EarlierAnswer.objects.all()
    assert (first.number, first.outcome, first.evidence, first.reason) == (1, *WRONG.values())
    assert (first.answered_on, first.answered_by, first.on_behalf) == (date(2026, 5, 20), cast.stella.person, False)


def test_what_the_public_reads_is_the_answer_that_stands(client, cast, answered):
    public = f"/hackathons/{answered.output.hackathon.ref}/"
    assert b"wrong.example" in client.get(public).content
    correct(answered, cast.stella)
    shown = client.get(public).content
    assert b"wrong.example" not in shown and b"water.example" in shown and WHY.encode() not in shown
    assert Output.objects.filter(pk=answered.output_id).with_present().get().outcome == "piloted"


def test_a_correction_can_be_corrected_and_each_answer_stays(cast, answered):
    correct(answered, cast.stella)
    correct(answered, cast.cora, shown=1, outcome="paused", why="It has stopped.")
    assert list(EarlierAnswer.objects.values_list("number", "outcome")) == [(2, "piloted"), (1, "adopted")]
    answered.refresh_from_db()
    assert (answered.outcome, answered.answered_by, answered.on_behalf) == ("paused", cast.cora.person, True)


def test_it_can_be_corrected_when_a_later_question_was_asked(cast, answered):
    nights(ASKED + timedelta(days=3), ASKED + timedelta(days=60))
    assert question(answered.output.hackathon, 90).state == "asked"
    correct(question(answered.output.hackathon), cast.stella)
    assert question(answered.output.hackathon).outcome == "piloted"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"why": " "}, "Why is it corrected? Fill this in."),
        ({"evidence": ""}, "“Piloted” needs evidence: say where a stranger can see it, by an address or in a sentence."),
        (WRONG, "This is the answer that stands. Change what is wrong in it."),
        ({"shown": "1"}, "Somebody else has corrected this answer since you opened it. Read it again."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(client, cast, answered, change, sentence):
    client.force_login(cast.stella)
    answer = client.post(address(answered), RIGHT | {"why": WHY, "shown": "0"} | change)
    assert answer.status_code == 422
    assert [line.removeprefix("Where can a stranger see that? ") for line in problems(answer)] == [sentence]
    assert typed(answer, "reason") == "A nurse keeps it alive."
    answered.refresh_from_db()
    assert (answered.outcome, EarlierAnswer.objects.count()) == ("adopted", 0)


def test_who_may_not_answer_may_not_correct(client, cast, answered):
    cast.lex = sign_in_for("lex")
    actions.add_member(organisation=cast.elsewhere, person=cast.lex.person, role="lead", by=HOUSE)
    leave(cast.stella)
    for name, status in [
        ("lex", 404),
        ("otto", 404),
        ("rita", 404),
        ("rooth", 404),
        ("stella", 404),
        ("audrey", 403),
        ("nora", 403),
    ]:
        client.force_login(getattr(cast, name))
        assert client.get(address(answered)).status_code == status, name
        assert client.post(address(answered), RIGHT | {"why": WHY, "shown": "0"}).status_code == status, name
        with pytest.raises(PermissionDenied):
            correct(answered, getattr(cast, name))
    assert EarlierAnswer.objects.count() == 0


def test_what_nobody_answered_is_not_corrected(client, cast, answered):
    client.force_login(cast.stella)
    answer = client.get(address(question(answered.output.hackathon, 90)))
    assert (answer.status_code, reason(answer)) == (403, "There is no answer yet that could be corrected.")


@pytest.mark.postgres
def test_the_database_keeps_what_was_said_first(cast, answered):
    correct(answered, cast.stella)
    table = EarlierAnswer._meta.db_table
    changes = [f"UPDATE {table} SET outcome = 'unknown'", f"DELETE FROM {table}"]
    if connection.vendor == "sqlite":
        columns = ", ".join(field.column for field in EarlierAnswer._meta.local_concrete_fields)
        changes.append(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert EarlierAnswer.objects.get().outcome == "adopted"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_at_once_the_second_reads_it_again(cast, answered):
    def correcting(by, outcome: str):
        return lambda: correct(FollowUp.objects.get(pk=answered.pk), by, outcome=outcome, evidence="", reason="")

    (error,) = at_once(correcting(cast.stella, "paused"), correcting(cast.cora, "abandoned"))
    assert isinstance(error, ValidationError) and error.code == "changed"
    assert EarlierAnswer.objects.get().outcome == "adopted"
    assert Event.objects.filter(verb="follow_up.corrected").count() == 1
