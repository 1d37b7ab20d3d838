"""Saying what became of an output: who may, with what evidence, late, for somebody else, and on a page that needs no script."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.access import HOUSE
from core.models import Event
from partnerships import actions
from partnerships.models import Output
from tests.conftest import sign_in_for
from tests.partnerships.events import closed, leave, night, nights, question
from tests.reading import next_of, page, problems, reason, said, typed

ASKED = date(2026, 5, 18)
GOOD = {"outcome": "piloted", "evidence": "https://water.example/trial", "reason": "A nurse keeps it alive."}


@pytest.fixture
def asked(cast):
    """The first question about the one output of a hackathon, open; Leah is a lead of the agency, Lex of another."""
    cast.leah, cast.lex = sign_in_for("leah"), sign_in_for("lex")
    actions.add_member(organisation=cast.agency, person=cast.leah.person, role="lead", by=HOUSE)
    actions.add_member(organisation=cast.elsewhere, person=cast.lex.person, role="lead", by=HOUSE)
    event = closed(cast, "Boil or not")
    night(ASKED)
    return question(event)


def address(follow_up) -> str:
    return f"/desk/follow-ups/{follow_up.ref}/answer/"


def verbs(follow_up) -> list[str]:
    found = Event.objects.filter(subject=f"partnerships.followup:{follow_up.ref}").order_by("seq")
    return list(found.values_list("verb", flat=True))


def test_the_owner_answers_in_one_form_that_needs_no_script(client, cast, asked):
    client.force_login(cast.stella)
    shown = page(client.get(address(asked)))
    for word in ("Adopted", "Piloted", "Merged into other work", "Procured", "Published only", "Paused", "Abandoned", "Unknown"):
        assert word in shown
    answer = client.post(address(asked), GOOD, follow=True)
    assert said(answer) == ["Recorded: Piloted."]
    assert answer.redirect_chain == [(f"/desk/outputs/{asked.output.ref}/", 302)]
    asked.refresh_from_db()
    assert (asked.state, asked.outcome, asked.evidence, asked.reason) == (
        "answered", "piloted", "https://water.example/trial", "A nurse keeps it alive.",
    )  # fmt: skip
    assert (asked.answered_by, asked.on_behalf) == (cast.stella.person, False)
    assert "Stella answered the question after 30 days: Piloted." in page(answer)


@pytest.mark.parametrize("outcome", ["adopted", "piloted", "merged", "procured", "published"])
def test_a_good_outcome_without_evidence_is_refused_and_nothing_typed_is_lost(client, cast, asked, outcome):
    client.force_login(cast.stella)
    answer = client.post(address(asked), {"outcome": outcome, "evidence": "  ", "reason": "It simply worked."})
    assert answer.status_code == 422
    assert [line.partition(" needs")[2] for line in problems(answer)] == [
        " evidence: say where a stranger can see it, by an address or in a sentence."
    ]
    assert typed(answer, "reason") == "It simply worked."
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize("outcome", ["paused", "abandoned", "unknown"])
def test_we_stopped_is_a_good_answer_and_needs_no_evidence(cast, asked, outcome):
    actions.answer_follow_up(follow_up=asked, outcome=outcome, by=cast.stella)
    assert (asked.state, asked.outcome) == ("answered", outcome)


def test_an_empty_answer_and_one_outside_the_list_are_refused(client, cast, asked):
    client.force_login(cast.stella)
    assert problems(client.post(address(asked), {})) == ["What is its state? Choose one."]
    assert client.post(address(asked), {"outcome": "splendid"}).status_code == 422
    with pytest.raises(ValueError, match="splendid"):
        actions.answer_follow_up(follow_up=asked, outcome="splendid", by=cast.stella)


def test_a_lead_of_the_agency_answers_as_the_agency(cast, asked):
    actions.answer_follow_up(follow_up=asked, outcome="paused", by=cast.leah)
    assert (asked.answered_by, asked.on_behalf) == (cast.leah.person, False)


def test_a_coordinator_answers_for_the_owner_and_the_record_says_so(client, cast, asked):
    client.force_login(cast.cora)
    assert "You answer for Stella of Agency. The record says so." in page(client.get(address(asked)))
    answer = client.post(address(asked), {"outcome": "paused"}, follow=True)
    assert "Cora answered the question after 30 days for Stella: Paused." in page(answer)
    assert "Cora for the owner" in page(answer)
    asked.refresh_from_db()
    assert (asked.answered_by, asked.on_behalf) == (cast.cora.person, True)
    assert verbs(asked) == ["follow_up.asked", "follow_up.answered_for"]


def test_nobody_of_another_agency_learns_that_the_question_exists(client, cast, asked):
    for name in ("lex", "otto", "felix", "rita", "sofia", "amir", "rooth"):
        client.force_login(getattr(cast, name))
        assert client.get(address(asked)).status_code == 404, name
        assert client.post(address(asked), GOOD).status_code == 404, name
        with pytest.raises(PermissionDenied):
            actions.answer_follow_up(follow_up=asked, outcome="paused", by=getattr(cast, name))
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_who_sees_it_and_may_not_answer_is_told_who_does(client, cast, asked):
    for name in ("audrey", "nora"):
        client.force_login(getattr(cast, name))
        answer = client.get(address(asked))
        assert answer.status_code == 403
        assert reason(answer) == "Its owner answers, a lead of the agency, or a coordinator of the programme for them."


def test_an_owner_who_has_left_sees_and_answers_nothing_more(client, cast, asked):
    client.force_login(cast.stella)
    assert client.get(address(asked)).status_code == 200
    leave(cast.stella)
    assert client.get(address(asked)).status_code == 404
    assert client.get(f"/desk/outputs/{asked.output.ref}/").status_code == 404


def test_what_is_answered_and_what_is_not_asked_yet_say_so(client, cast, asked):
    client.force_login(cast.stella)
    actions.answer_follow_up(follow_up=asked, outcome="paused", on=ASKED + timedelta(days=2), by=cast.leah)
    assert reason(client.get(address(asked))) == "Leah answered on 20 May 2026."
    assert reason(client.get(address(question(asked.output.hackathon, 90)))) == "This question is asked on 17 July 2026."


def test_a_late_answer_is_welcome_and_the_history_keeps_that_it_was_unknown(client, cast, asked):
    nights(ASKED, ASKED + timedelta(days=21))
    client.force_login(cast.stella)
    assert next_of(client.get(f"/desk/outputs/{asked.output.ref}/"))[0] == "It counts as unknown: an answer is still welcome"
    assert client.post(address(asked), GOOD).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.outcome) == ("answered", "piloted")
    assert verbs(asked)[-2:] == ["follow_up.given_up", "follow_up.answered"]
    assert Event.objects.filter(verb="follow_up.answered").get().data["old"] == "unknown"


def test_once_the_next_question_was_asked_the_former_stays_unknown(client, cast, asked):
    nights(ASKED, ASKED + timedelta(days=60))
    assert question(asked.output.hackathon, 90).state == "asked"
    client.force_login(cast.stella)
    answer = client.post(address(asked), GOOD)
    assert (answer.status_code, reason(answer)) == (403, "A later question about this output was asked. Answer that one.")


def test_the_present_state_is_that_of_the_latest_question_that_is_over(cast, asked):
    def present() -> tuple[str, int | None, bool]:
        output = Output.objects.filter(pk=asked.output.pk).with_present().get()
        return output.outcome, output.outcome_days, output.asked

    assert present() == ("", None, True)
    actions.answer_follow_up(follow_up=asked, by=cast.stella, **GOOD)
    assert present() == ("piloted", 30, False)
    night(ASKED + timedelta(days=60))
    assert present() == ("piloted", 30, True)
    nights(ASKED + timedelta(days=61), ASKED + timedelta(days=81))
    assert present() == ("unknown", 90, False)


def test_a_second_answer_a_moment_later_is_refused(cast, asked):
    again = question(asked.output.hackathon)
    actions.answer_follow_up(follow_up=asked, outcome="paused", by=cast.stella)
    with pytest.raises(PermissionDenied, match="Stella answered on"):
        actions.answer_follow_up(follow_up=again, outcome="abandoned", by=cast.leah)


def test_the_same_refusals_hold_without_a_page(cast, asked):
    with pytest.raises(ValidationError, match="needs evidence"):
        actions.answer_follow_up(follow_up=asked, outcome="adopted", evidence=" ", by=cast.stella)
    assert question(asked.output.hackathon).state == "asked"
