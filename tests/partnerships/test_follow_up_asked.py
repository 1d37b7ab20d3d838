"""The questions after a hackathon: asked when due, reminded of twice, given up; once each, whatever the clock does."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import audit
from core.access import HOUSE
from core.models import Event, Message
from partnerships import actions
from partnerships import jobs as partnerships_jobs
from partnerships.models import FollowUp, Output, Reminder
from tests.conftest import sign_in_for
from tests.partnerships.events import closed, leave, letters, mails, night, nights, question
from tests.threads import at_once

ASKED = date(2026, 5, 18)  # 30 days after the last day


def day(number: int) -> date:
    """So many days after the first question is due."""
    return ASKED + timedelta(days=number)


def test_nothing_is_asked_before_its_day(cast):
    event = closed(cast)
    night(day(-1))
    assert Reminder.objects.count() == 0
    night(ASKED)
    assert {question(event, 30, n).state for n in (1, 2, 3)} == {"asked"}
    assert question(event, 90).state == "scheduled"


def test_a_silent_owner_is_asked_reminded_after_seven_and_fourteen_days_and_given_up_after_twenty_one(cast):
    event = closed(cast, "Leak card")
    nights(ASKED, day(30))
    asked = question(event)
    assert letters(asked) == [("question", ASKED, "owner"), ("first", day(7), "owner"), ("second", day(14), "owner")]
    assert mails(asked) == [
        ("stella@example.org", "Two minutes: what became of “Leak card”?"),
        ("stella@example.org", "Still open: what became of “Leak card”?"),
        ("stella@example.org", "Last reminder: what became of “Leak card”?"),
    ]
    assert (asked.state, asked.outcome, asked.asked_on) == ("unknown", "unknown", ASKED)
    about = f"partnerships.followup:{asked.ref}"
    verbs = list(Event.objects.filter(subject=about).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["follow_up.asked", "follow_up.reminded", "follow_up.reminded", "follow_up.given_up"]


def test_each_letter_says_until_when(cast):
    event = closed(cast, "Leak card")
    nights(ASKED, day(14))
    about = f"partnerships.followup:{question(event).ref}"
    said = Message.objects.filter(about=about).order_by("pk").values_list("lines", flat=True)
    assert {lines[1] for lines in said} == {"If we hear nothing by 8 June 2026, the record will say “unknown”."}
    assert {message.link for message in Message.objects.filter(about=about)} == {
        f"/desk/follow-ups/{question(event).ref}/answer/"
    }


def test_it_is_given_up_on_the_twenty_first_day_and_not_before(cast):
    event = closed(cast, "Leak card")
    nights(ASKED, day(20))
    assert question(event).state == "asked"
    night(day(21))
    assert question(event).state == "unknown"


def test_an_answer_ends_the_letters(cast):
    event = closed(cast, "Leak card")
    nights(ASKED, day(8))
    actions.answer_follow_up(follow_up=question(event), outcome="paused", by=cast.stella)
    nights(day(9), day(40))
    assert [kind for kind, _day, _whom in letters(question(event))] == ["question", "first"]
    assert question(event).state == "answered"


def test_the_same_night_twice_does_what_it_does_once(cast):
    event = closed(cast)
    for number in (0, 7, 14, 21):
        night(day(number))
        events, rows = Event.objects.count(), Message.objects.count()
        night(day(number))
        assert (Event.objects.count(), Message.objects.count()) == (events, rows)
    assert question(event).state == "unknown"


def test_called_early_each_step_does_nothing_whoever_calls_it(cast):
    """Not only the list of what is due knows the days: a job that was given a wrong one asks nobody."""
    event = closed(cast, "Leak card")

    def tried(act: Any, number: int) -> tuple[str, int]:
        act(follow_up=question(event), today=day(number), by=HOUSE)
        return question(event).state, Reminder.objects.count()

    assert tried(actions.ask_follow_up, -1) == ("scheduled", 0)
    night(ASKED)
    assert tried(actions.remind_owner, 6) == tried(actions.give_up_follow_up, 30) == ("asked", 1)
    nights(day(7), day(14))
    assert tried(actions.remind_owner, 21) == tried(actions.give_up_follow_up, 20) == ("asked", 3)
    assert tried(actions.give_up_follow_up, 21) == ("unknown", 3)


def test_after_missed_nights_it_is_asked_once_and_the_letters_keep_their_distance(cast):
    event = closed(cast, "Leak card")
    for number in (5, 17, 18, 19, 24, 30, 31):
        night(day(number))
    asked = question(event)
    assert letters(asked) == [("question", day(5), "owner"), ("first", day(17), "owner"), ("second", day(24), "owner")]
    assert asked.state == "unknown"


def test_nobody_is_asked_two_things_at_once(cast):
    """The first question came very late, so that the next falls due while it is open: the next waits until it is over."""
    event = closed(cast, "Leak card")
    night(day(50))
    nights(day(60), day(71))
    assert (question(event, 30).state, question(event, 90).state) == ("asked", "scheduled")
    nights(day(72), day(82))
    assert (question(event, 30).state, question(event, 90).state) == ("unknown", "asked")
    assert question(event, 90).asked_on == day(74)
    assert [len(letters(question(event, days))) for days in (30, 90)] == [3, 2]


def test_a_question_whose_successor_is_due_as_well_counts_as_unknown_and_is_not_asked(cast):
    """An event of long ago: an answer of today would be told as one of months before."""
    event = closed(cast, "Leak card")
    night(day(170))
    assert [(f.days, f.state, f.outcome, f.asked_on) for f in FollowUp.objects.order_by("days")] == [
        (30, "unknown", "unknown", None),
        (90, "unknown", "unknown", None),
        (180, "asked", "", day(170)),
        (365, "scheduled", "", None),
    ]
    assert Reminder.objects.count() == 1
    output = Output.objects.filter(hackathon=event).with_present().get()
    assert (output.outcome, output.outcome_days, output.asked, output.next_due) == ("unknown", 90, True, date(2027, 4, 18))


# Whom it reaches.


def lead(cast: Any) -> User:
    leah = sign_in_for("leah")
    actions.add_member(organisation=cast.agency, person=leah.person, role="lead", by=HOUSE)
    return leah


def test_an_owner_who_left_is_not_asked_the_lead_of_the_agency_is(cast):
    event = closed(cast, "Leak card")
    lead(cast)
    night(ASKED)
    leave(cast.stella)
    nights(day(1), day(30))
    assert [(kind, whom) for kind, _day, whom in letters(question(event))] == [
        ("question", "owner"), ("first", "leads"), ("second", "leads"),
    ]  # fmt: skip
    assert [address for address, _subject in mails(question(event))] == [
        "stella@example.org", "leah@example.org", "leah@example.org",
    ]  # fmt: skip


def test_an_owner_who_works_elsewhere_now_is_not_asked(cast):
    event = closed(cast, "Leak card")
    lead(cast)
    leave(cast.stella)
    actions.add_member(organisation=cast.elsewhere, person=cast.stella.person, role="lead", by=HOUSE)
    night(ASKED)
    assert letters(question(event)) == [("question", ASKED, "leads")]
    assert [address for address, _subject in mails(question(event))] == ["leah@example.org"]


def test_an_owner_who_cannot_sign_in_is_not_asked_the_lead_is(cast):
    event = closed(cast, "Leak card")
    lead(cast)
    User.objects.filter(pk=cast.stella.pk).update(is_active=False)
    night(ASKED)
    assert letters(question(event)) == [("question", ASKED, "leads")]


def test_without_a_lead_the_coordinators_are_asked_and_nothing_is_lost(cast):
    event = closed(cast, "Leak card")
    leave(cast.stella)
    nights(ASKED, day(25))
    assert [(kind, whom) for kind, _day, whom in letters(question(event))] == [
        ("question", "coordinators"), ("first", "coordinators"), ("second", "coordinators"),
    ]  # fmt: skip
    assert {address for address, _subject in mails(question(event))} == {"cora@example.org"}
    assert question(event).state == "unknown"


def test_a_new_owner_is_told_of_the_open_question_and_gets_the_next_letter(cast):
    event = closed(cast, "Leak card")
    night(ASKED)
    output = question(event).output
    actions.name_owner(output=output, agency=cast.agency, owner=cast.sofia.person, by=cast.cora)
    night(day(7))
    assert mails(question(event)) == [
        ("stella@example.org", "Two minutes: what became of “Leak card”?"),
        ("sofia@example.org", "Now yours: what became of “Leak card”?"),
        ("sofia@example.org", "Still open: what became of “Leak card”?"),
    ]


def test_one_that_fails_does_not_hold_up_the_others_and_the_next_try_makes_up_for_it(cast, monkeypatch):
    event = closed(cast)
    real, broken = actions.ask_follow_up, question(event, 30, 1).pk

    def fails(*, follow_up: FollowUp, **facts: Any) -> None:
        if follow_up.pk == broken:
            raise OSError("away")
        real(follow_up=follow_up, **facts)

    monkeypatch.setattr(partnerships_jobs.actions, "ask_follow_up", fails)
    with pytest.raises(ExceptionGroup):
        night(ASKED)
    assert [question(event, 30, n).state for n in (1, 2, 3)] == ["scheduled", "asked", "asked"]
    monkeypatch.undo()
    night(ASKED)
    assert [question(event, 30, n).state for n in (1, 2, 3)] == ["asked"] * 3
    assert Reminder.objects.count() == 3


def test_only_the_clock_asks(cast):
    event = closed(cast, "Leak card")
    for act in (actions.ask_follow_up, actions.remind_owner, actions.give_up_follow_up):
        with pytest.raises(PermissionDenied, match="asked by the clock"):
            act(follow_up=question(event), today=ASKED, by=cast.cora)


def test_where_nobody_can_sign_in_any_more_it_still_ends_in_unknown(cast):
    event = closed(cast, "Leak card")
    User.objects.filter(pk__in=[cast.stella.pk, cast.cora.pk]).update(is_active=False)
    nights(ASKED, day(21))
    assert [whom for _kind, _day, whom in letters(question(event))] == ["nobody"] * 3
    assert question(event).state == "unknown"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_remind_and_give_up_once(cast):
    event = closed(cast)
    for number in (0, 7, 14, 21):
        assert at_once(lambda n=number: night(day(n)), lambda n=number: night(day(n))) == []
    for number in (1, 2, 3):
        asked = question(event, 30, number)
        assert [kind for kind, _day, _whom in letters(asked)] == ["question", "first", "second"]
        assert len(mails(asked)) == 3
        assert asked.state == "unknown"
    verbs = Event.objects.filter(verb__startswith="follow_up.").values_list("verb", flat=True)
    assert {verb: list(verbs).count(verb) for verb in set(verbs)} == {
        "follow_up.asked": 3, "follow_up.reminded": 6, "follow_up.given_up": 3,
    }  # fmt: skip
    assert audit.verify() is None
