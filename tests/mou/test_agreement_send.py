"""Sending, and what can follow before it is signed: take back, withdraw, open again, remind. And publishing what is signed."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from core.models import Event, Message
from mou import actions, demo
from mou.models import Agreement, AgreementVersion


def text(response) -> str:
    return " ".join(response.content.decode().split())


def verbs(agreement) -> list[str]:
    rows = Event.objects.filter(subject=f"mou.agreement:{agreement.ref}").order_by("seq")
    return [verb.removeprefix("agreement.") for verb in rows.values_list("verb", flat=True)]


@pytest.fixture
def press(client, cast):
    """Ask or post as somebody: press("cora", agreement, "send", {})."""

    def do(name: str, agreement, act: str, answers: dict[str, str] | None = None):
        client.force_login(getattr(cast, name))
        address = f"/desk/agreements/{agreement.ref}/{act}/"
        return client.get(address) if answers is None else client.post(address, answers)

    return do


# ------------------------------------------------------------------------------------------------- send


def test_a_duty_whose_day_is_past_already_is_told_before_sending(client, cast, agreement_ready):
    client.force_login(cast.cora)
    address = f"/desk/agreements/{agreement_ready.ref}/send/"
    assert "would be late" not in text(client.get(address))
    with time_machine.travel(cast.starts - timedelta(days=20), tick=False):
        client.force_login(cast.cora)
        page = text(client.get(address))
        assert "One duty would be late on the day of the last signature, even if that were today: “Publish the brief" in page
        assert f"Freeze and send version {agreement_ready.agreementversion_set.count() + 1}" in page  # told, not refused


def test_what_exhibit_1_does_not_say_is_told_before_sending(client, cast, agreement_ready):
    client.force_login(cast.cora)
    address = f"/desk/agreements/{agreement_ready.ref}/send/"
    page = text(client.get(address))
    assert "Felix, Permits without a queue: Who has the problem, What shows that it is one, Target: better services" in page
    assert "Exceptions" not in page and "Freeze and send" in page  # told, not refused
    unit = agreement_ready.units[0]
    fields = [field.id for field in agreement_ready.text.scope]
    for units, said in [
        ([unit | {"scope": {name: "Said." for name in fields}}], ""),
        ([unit | {"problem": "", "scope": {name: "Said." for name in fields[1:]}}], "queue: Problem, Who has the problem</li>"),
        ([], "Exhibit 1 lists no placement."),
    ]:
        actions.set_terms(agreement=agreement_ready, terms={}, units=units, by=cast.cora)
        page = text(client.get(address))
        assert said in page and ("It prints “not recorded” for" in page) == ("queue" in said)


def test_before_it_is_sent_the_page_says_what_is_frozen_and_who_is_asked(press, agreement_ready):
    page = text(press("cora", agreement_ready, "send"))
    assert "Version 1 of the text: 26 clauses, 36 duties and the exhibits" in page
    assert "Sofia" in page and "for Agency" in page and "Nora" in page and "Freeze and send version 1" in page


def test_sending_freezes_asks_and_says_whom(client, press, agreement_ready):
    assert press("cora", agreement_ready, "send", {})["Location"] == f"/desk/agreements/{agreement_ready.ref}/"
    assert "Version 1 is frozen and out for signature. Nora and Sofia got a mail." in text(
        client.get(f"/desk/agreements/{agreement_ready.ref}/")
    )
    agreement_ready.refresh_from_db()
    assert (agreement_ready.state, agreement_ready.version().number) == ("out", 1)
    assert sorted(Message.objects.values_list("to", flat=True)) == ["nora@example.org", "sofia@example.org"]


def test_what_is_missing_is_listed_with_its_cure_and_nothing_is_sent(press, agreement_draft):
    for response, status in [
        (press("cora", agreement_draft, "send"), 200),
        (press("cora", agreement_draft, "send", {}), 422),
    ]:
        page = text(response)
        assert response.status_code == status and "1 thing is missing before it can be sent" in page
        assert f'href="/desk/agreements/{agreement_draft.ref}/terms/"' in page and "Freeze and send" not in page
    assert text(press("cora", agreement_draft, "send", {})).split("<title>")[1].strip().startswith("Error:")
    assert AgreementVersion.objects.count() == 0


def test_a_second_click_sends_nothing_more_and_says_why(press, agreement):
    response = press("cora", agreement, "send", {})
    assert response.status_code == 403 and "The agreement has been sent already." in text(response)
    assert AgreementVersion.objects.count() == 1


def test_only_coordinators_send(press, agreement_ready):
    for name, status in [("audrey", 403), ("sofia", 404), ("amir", 404), ("otto", 404)]:
        assert press(name, agreement_ready, "send", {}).status_code == status
    agreement_ready.refresh_from_db()
    assert agreement_ready.state == "draft"


def test_an_agreement_whose_last_day_is_past_is_not_sent(press, cast, agreement_ready):
    days = {"starts": cast.today - timedelta(days=9), "ends": cast.today - timedelta(days=1), "units": []}
    actions.set_terms(agreement=agreement_ready, terms={}, by=cast.cora, **days)
    assert "its last day is past" in text(press("cora", agreement_ready, "send"))


# ------------------------------------------------------------------------------------------------- take back


def test_taking_back_needs_a_reason_and_makes_it_a_draft(press, agreement):
    response = press("cora", agreement, "recall", {"reason": " "})
    assert response.status_code == 422 and "Fill this in." in text(response)
    press("cora", agreement, "recall", {"reason": "The sum was wrong."})
    agreement.refresh_from_db()
    assert (agreement.state, verbs(agreement)[-1]) == ("draft", "recalled")
    recalled = Message.objects.filter(key__startswith="recalled:")
    assert sorted(recalled.values_list("to", flat=True)) == ["nora@example.org", "sofia@example.org"]


def test_what_was_typed_as_a_reason_is_not_lost(press, agreement):
    long = "The sum was wrong. " * 60
    response = press("cora", agreement, "recall", {"reason": long})
    assert response.status_code == 422 and "Write at most 1000 characters" in text(response) and long.strip() in text(response)


def test_what_is_in_force_is_not_taken_back(press, agreement_in_force):
    response = press("cora", agreement_in_force, "recall", {"reason": "No."})
    assert response.status_code == 403 and "Only an agreement that is out for signature" in text(response)


# ------------------------------------------------------------------------------------------------- withdraw, reopen


@pytest.mark.parametrize("number", ["", "CG-2026-9999", "yes"])
def test_withdrawing_asks_for_the_number_typed_once_more(press, agreement, number):
    response = press("cora", agreement, "withdraw", {"reason": "The host has gone.", "number": number})
    agreement.refresh_from_db()
    assert (response.status_code, agreement.state) == (422, "out")
    assert "The host has gone." in text(response)


def test_withdrawn_it_is_over_and_says_why(press, agreement):
    press("cora", agreement, "withdraw", {"reason": "The host has gone.", "number": f" {agreement.ref.lower()} "})
    agreement.refresh_from_db()
    assert (agreement.state, verbs(agreement)[-1]) == ("withdrawn", "withdrawn")
    assert press("cora", agreement, "withdraw", {"reason": "Again.", "number": agreement.ref}).status_code == 403


def test_a_declined_agreement_is_opened_again_by_a_post_alone(press, cast, agreement):
    actions.decline_agreement(agreement=agreement, reason="No.", by=cast.sofia)
    assert press("cora", agreement, "reopen").status_code == 405
    assert press("amir", agreement, "reopen", {}).status_code == 403
    assert press("cora", agreement, "reopen", {}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "draft"
    assert press("cora", agreement, "reopen", {}).status_code == 403


# ------------------------------------------------------------------------------------------------- remind


def test_a_reminder_goes_to_who_is_waited_for_once_a_day(client, press, cast, agreement):
    demo.sign(agreement, [cast.nora])
    assert press("cora", agreement, "remind").status_code == 405
    press("cora", agreement, "remind", {})
    assert "A reminder goes to Sofia by mail." in text(client.get(f"/desk/agreements/{agreement.ref}/"))
    again = press("cora", agreement, "remind", {})
    assert again.status_code == 403 and "A reminder went out today already." in text(again)
    assert list(Message.objects.filter(key__startswith="reminded:").values_list("to", flat=True)) == ["sofia@example.org"]


def test_who_cannot_sign_any_more_is_not_reminded_and_that_is_said(client, press, cast, agreement):
    demo.sign(agreement, [cast.nora])
    User.objects.filter(pk=cast.sofia.pk).update(is_active=False)
    refused = press("cora", agreement, "remind", {})
    assert refused.status_code == 403 and "Whose signature is missing cannot sign now" in text(refused)
    assert not Message.objects.filter(key__startswith="reminded:").exists() and "reminded" not in verbs(agreement)


def test_days_in_the_wrong_order_are_told_before_sending(press, cast, agreement_ready):
    turned = agreement_ready.units[0] | {"starts": agreement_ready.units[0]["ends"], "ends": agreement_ready.units[0]["starts"]}
    actions.set_terms(agreement=agreement_ready, terms={}, units=[turned], by=cast.cora)
    assert "The last day of Felix lies before its first." in text(press("cora", agreement_ready, "send"))
    assert press("cora", agreement_ready, "send", {}).status_code == 422


def test_nobody_is_reminded_of_what_is_not_out(press, agreement_draft):
    response = press("cora", agreement_draft, "remind", {})
    assert response.status_code == 403 and "Nobody is waited for" in text(response)


# ------------------------------------------------------------------------------------------------- publish


def test_publishing_and_taking_off_are_posts_of_coordinators(client, press, agreement_in_force):
    public = f"/agreements/{agreement_in_force.ref}/"
    assert press("cora", agreement_in_force, "publish").status_code == 405
    assert press("nora", agreement_in_force, "publish", {"publish": "yes"}).status_code == 403
    assert client.get(public).status_code == 404
    press("cora", agreement_in_force, "publish", {"publish": "yes"})
    assert client.get(public).status_code == 200
    press("cora", agreement_in_force, "publish", {"publish": "no"})
    assert client.get(public).status_code == 404


def test_nothing_unsigned_is_published(press, agreement):
    response = press("cora", agreement, "publish", {"publish": "yes"})
    assert response.status_code == 403 and "both parties have signed" in text(response)
    assert Agreement.objects.get(pk=agreement.pk).published_at is None
