"""Closing a hackathon: from its last day, when somebody answers for each output; then its questions are planned."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from core.access import HOUSE
from core.models import Message
from partnerships import actions
from partnerships.models import FollowUp, Hackathon, Output, Reminder
from tests.partnerships.events import ENDS, closed, gathering
from tests.reading import page, said, table_of
from tests.threads import at_once

PLANNED = {30: date(2026, 5, 18), 90: date(2026, 7, 17), 180: date(2026, 10, 15), 365: date(2027, 4, 18)}


def test_closing_plans_four_questions_for_each_output_counted_from_the_last_day(cast):
    event = closed(cast)
    for output in Output.objects.filter(hackathon=event):
        assert dict(output.followup_set.values_list("days", "due")) == PLANNED
    assert set(FollowUp.objects.values_list("state", flat=True)) == {"scheduled"}
    event.refresh_from_db()
    assert (event.state, event.closed_on) == ("closed", ENDS)


def test_the_days_can_be_other_ones(cast):
    event = gathering(cast, "Leak card")
    actions.edit_hackathon(hackathon=event, facts={"follow_up_days": [200, 14]}, by=cast.cora)
    actions.name_owner(output=event.output_set.get(), agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    assert actions.close_hackathon(hackathon=event, by=cast.cora) == 2
    assert sorted(FollowUp.objects.values_list("days", flat=True)) == [14, 200]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([], "Ask at least once and at most 8 times."),
        ([30 * n for n in range(1, 10)], "Ask at least once and at most 8 times."),
        ([0, 30], "Write numbers of days from 1 to 3650."),
        ([30, 50], "Leave at least 21 days between two questions: one is reminded of twice before the next is due."),
        ([30, 30], "Leave at least 21 days between two questions: one is reminded of twice before the next is due."),
    ],
)
def test_days_that_cannot_be_kept_are_refused(cast, days, sentence):
    event = gathering(cast)
    with pytest.raises(ValidationError, match=sentence):
        actions.edit_hackathon(hackathon=event, facts={"follow_up_days": days}, by=cast.cora)


def test_it_names_the_outputs_that_nobody_answers_for(cast):
    event = gathering(cast)
    actions.name_owner(output=event.output_set.first(), agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    with pytest.raises(PermissionDenied) as refused:
        actions.close_hackathon(hackathon=event, by=cast.cora)
    assert str(refused.value) == ("These outputs lack an agency or an owner: “Boil or not”, “Hospital seat”. Name both.")
    assert FollowUp.objects.count() == 0


def test_of_many_it_names_eight_and_counts_the_others(cast):
    event = gathering(cast, *(f"No. {n}" for n in range(1, 12)))
    with pytest.raises(PermissionDenied, match=r"“No\. 8” and 3 more\. Name both"):
        actions.close_hackathon(hackathon=event, by=cast.cora)


def test_without_an_output_and_before_its_last_day_it_stays_open(cast):
    event = gathering(cast, "x", ends=timezone.localdate() + timedelta(days=1))
    actions.remove_output(output=event.output_set.get(), by=cast.cora)
    with pytest.raises(PermissionDenied, match=r"can be closed on its last day.*has no output yet"):
        actions.close_hackathon(hackathon=event, by=cast.cora)


def test_on_its_last_day_it_can_be_closed(cast):
    event = gathering(cast, "Leak card", ends=timezone.localdate())
    actions.name_owner(output=event.output_set.get(), agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    assert actions.close_hackathon(hackathon=event, by=cast.cora) == 4


def test_only_a_coordinator_of_the_programme_closes_it_and_only_once(cast):
    event = gathering(cast, "Leak card")
    actions.name_owner(output=event.output_set.get(), agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    for name in ("stella", "nora", "audrey", "otto", "rooth"):
        with pytest.raises(PermissionDenied, match="Only a coordinator"):
            actions.close_hackathon(hackathon=event, by=getattr(cast, name))
    actions.close_hackathon(hackathon=event, by=cast.cora)
    with pytest.raises(PermissionDenied, match="closed already"):
        actions.close_hackathon(hackathon=event, by=cast.cora)
    assert FollowUp.objects.count() == 4


def test_each_owner_is_told_once_for_what_they_answer_and_when_they_are_asked(cast):
    closed(cast)
    told = Message.objects.get(key__startswith="hackathon_closed:")
    assert told.to == "stella@example.org"
    assert told.lines == [
        "You are the owner of: “Leak card”, “Boil or not”, “Hospital seat”.",
        "You will be asked what became of it on these days: 18 May 2026, 17 July 2026, 15 October 2026, 18 April 2027. "
        "It takes two minutes.",
    ]


def test_what_is_closed_takes_no_output_no_other_days_and_loses_none(cast):
    event = closed(cast)
    output = event.output_set.first()
    with pytest.raises(PermissionDenied, match="no questions planned"):
        actions.add_output(hackathon=event, title="Late", by=cast.cora)
    with pytest.raises(PermissionDenied, match="closed"):
        actions.remove_output(output=output, by=cast.cora)
    for facts in ({"follow_up_days": [10]}, {"ends": ENDS + timedelta(days=1)}):
        with pytest.raises(ValidationError, match="its questions are planned"):
            actions.edit_hackathon(hackathon=event, facts=facts, by=cast.cora)
    assert actions.edit_hackathon(hackathon=event, facts={"title": "Open Water", "ends": ENDS}, by=cast.cora) == ["title"]


def test_an_owner_works_at_the_agency(cast):
    output = gathering(cast).output_set.first()
    with pytest.raises(PermissionDenied, match="Otto holds no role at Agency today"):
        actions.name_owner(output=output, agency=cast.agency, owner=cast.otto.person, by=cast.cora)
    with pytest.raises(PermissionDenied, match="Rita holds no role at Agency today"):
        actions.name_owner(output=output, agency=cast.agency, owner=cast.rita.person, by=cast.cora)
    assert actions.name_owner(output=output, agency=cast.agency, owner=cast.stella.person, by=cast.cora) is True
    assert actions.name_owner(output=output, agency=cast.agency, owner=cast.stella.person, by=cast.cora) is False


# What the database refuses, whoever asks.


def refused(change) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        change()
    return str(error.value)


@pytest.mark.postgres
def test_the_database_closes_nothing_without_owners_and_questions(cast):
    event, shut = gathering(cast), {"state": "closed", "closed_on": ENDS}
    rows = Hackathon.objects.filter(pk=event.pk)
    assert "closing_needs_owners_and_questions" in refused(lambda: rows.update(**shut))
    Output.objects.filter(hackathon=event).update(agency=cast.agency, owner=cast.stella.person)
    assert "closing_needs_owners_and_questions" in refused(lambda: rows.update(**shut))
    for output in Output.objects.filter(hackathon=event):
        FollowUp.objects.create(output=output, days=30, due=ENDS)
    Output.objects.filter(hackathon=event, number=2).update(owner=None)
    assert "closing_needs_owners_and_questions" in refused(lambda: rows.update(**shut))
    empty = gathering(cast, "x", title="Empty")
    empty.output_set.all().delete()
    assert "closing_needs_owners_and_questions" in refused(lambda: Hackathon.objects.filter(pk=empty.pk).update(**shut))


@pytest.mark.postgres
def test_the_database_keeps_what_is_closed_closed_and_its_outputs_owned(cast):
    event = closed(cast)
    rows, outputs = Hackathon.objects.filter(pk=event.pk), Output.objects.filter(hackathon=event)
    assert "questions_keep_it_closed" in refused(lambda: rows.update(state="open", closed_on=None))
    assert "output_of_closed_is_followed" in refused(lambda: outputs.update(owner=None))
    late = {"hackathon": event, "number": 9, "title": "Late", "agency": cast.agency, "owner": cast.stella.person}
    assert "output_of_closed_is_followed" in refused(lambda: Output.objects.create(**late))


@pytest.mark.postgres
def test_the_database_refuses_half_answers_good_outcomes_without_evidence_and_two_questions_at_once(cast):
    event = closed(cast, "Leak card")
    rows = FollowUp.objects.filter(output__hackathon=event)
    first, second = rows.filter(days=30), rows.filter(days=90)
    whole = {"answered_on": PLANNED[30], "answered_by": cast.stella.person, "asked_on": PLANNED[30]}
    for change, name in [
        ({"state": "asked"}, "follow_up_asked_on_a_day"),
        ({"state": "asked", "asked_on": PLANNED[30] - timedelta(days=1)}, "follow_up_not_asked_early"),
        ({"state": "answered", "outcome": "paused", **whole, "answered_by": None}, "follow_up_answer_is_whole"),
        ({"state": "answered", "outcome": "", **whole}, "follow_up_answer_is_whole"),
        ({"state": "unknown"}, "follow_up_answer_is_whole"),
        ({"state": "answered", "outcome": "adopted", **whole}, "follow_up_outcome_is_proven"),
        ({"state": "answered", "outcome": "splendid", **whole}, "follow_up_outcome_known"),
    ]:
        assert name in refused(lambda change=change: first.update(**change)), change
    first.update(state="asked", asked_on=PLANNED[30])
    with pytest.raises(IntegrityError), transaction.atomic():
        second.update(state="asked", asked_on=PLANNED[90])
    letter = Reminder.objects.create(follow_up=first.get(), kind="question", sent_on=PLANNED[30], to="owner")
    assert "append-only" in refused(lambda: Reminder.objects.filter(pk=letter.pk).update(sent_on=ENDS))
    for kind, day in [("question", PLANNED[90]), ("first", PLANNED[30])]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(follow_up=first.get(), kind=kind, sent_on=day, to="owner")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_closed_by_two_at_once_each_question_is_planned_once(cast):
    event = gathering(cast)
    for output in event.output_set.all():
        actions.name_owner(output=output, agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    again = [lambda: actions.close_hackathon(hackathon=Hackathon.objects.get(pk=event.pk), by=cast.cora)] * 2
    errors = at_once(*again)
    assert [type(error) for error in errors] == [PermissionDenied]
    assert FollowUp.objects.count() == 12


# The page.


def test_the_page_shows_the_days_and_who_is_asked_and_closes_it(client, cast):
    event = gathering(cast, "Leak card")
    client.force_login(cast.cora)
    address = f"/desk/hackathons/{event.ref}/close/"
    before = page(client.get(address))
    assert "These outputs lack an agency or an owner: “Leak card”. Name both." in before and "Close the hackathon" not in before
    assert client.post(address).status_code == 422
    actions.name_owner(output=event.output_set.get(), agency=cast.agency, owner=cast.stella.person, by=cast.cora)
    shown = page(client.get(address))
    assert "18 May 2026" in shown and "18 April 2027" in shown and "Stella" in shown
    assert said(client.post(address, follow=True)) == ["Closed. 4 questions are planned."]
    assert client.get(address).status_code == 403
    assert len(table_of(client.get("/desk/follow-ups/?format=csv"))) == 5


def test_the_house_closes_nothing_that_is_not_ready_either(cast):
    with pytest.raises(PermissionDenied, match="lack an agency"):
        actions.close_hackathon(hackathon=gathering(cast), by=HOUSE)
