"""The chain is checked by a command and told as sentences."""

import pytest
from django.core.management import CommandError, call_command

from accounts import actions as accounts
from core import audit
from core.access import HOUSE
from core.action import action
from core.models import Event, Head
from partnerships import actions as partnerships


def refused(number: int) -> None:
    assert audit.verify() == number
    with pytest.raises(CommandError, match=f"breaks at event {number}"):
        call_command("verify_audit")


def test_a_chain_that_nobody_touched_is_whole(cast, capsys):
    assert Event.objects.count() > 30
    call_command("verify_audit")
    assert capsys.readouterr().out == f"The chain is whole. Its end: {audit.end()}\n"


@pytest.mark.parametrize("end", ["", "1", "x:y", "1:abc", f"{'9' * 30}:{'0' * 64}"])
def test_what_is_no_end_of_a_chain_is_said(db, end):
    with pytest.raises(CommandError, match="is no end of a chain"):
        call_command("verify_audit", "--anchor", end)


@pytest.mark.parametrize(
    "facts",
    [
        {"by": "nobody"},
        {"verb": "person.sign_in_closed"},
        {"subject": "x"},
        {"data": {"a": 1}},
        {"at": "2020-01-01T00:00Z"},
        {"hash": "0"},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_a_changed_column_is_found(cast, tampering, facts):
    Event.objects.filter(seq=3).update(**facts)
    refused(3)


def test_a_line_cut_out_of_the_middle_is_found(cast, tampering):
    Event.objects.filter(seq=5).delete()
    refused(5)


def test_a_tail_that_was_cut_off_is_found(cast, tampering):
    last = Head.objects.get().seq
    Event.objects.filter(seq__gt=last - 3).delete()
    refused(last - 2)


def test_a_line_written_past_the_house_is_found(cast):
    last = Event.objects.last()
    Event.objects.create(seq=last.seq + 1, at=last.at, by=last.by, verb=last.verb, subject=last.subject, data={}, hash=last.hash)
    refused(last.seq + 1)


def test_a_head_that_was_moved_back_to_hide_a_cut_is_not_found_without_an_anchor(cast, tampering):
    """What the chain cannot know: who owns the database can rewrite all of it. The head's hash has to be kept elsewhere."""
    last = Event.objects.order_by("-seq")[1]
    Event.objects.filter(seq__gt=last.seq).delete()
    Head.objects.update(seq=last.seq, hash=last.hash)
    assert audit.verify() is None


def test_history_tells_who_did_what_the_newest_first_in_two_queries(cast, django_assert_num_queries):
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Saltmere"}, by=cast.cora)
    with django_assert_num_queries(2):
        lines = audit.history(cast.agency, cast.elsewhere)
    assert [line.text for line in lines] == [
        "Cora changed city.",
        "The system ended the role of Rita as Signatory.",
        "The system added Rita as Signatory.",
        "The system added Otto as Signatory.",
        "The system added Stella as Site supervisor.",
        "The system added Sofia as Signatory.",
        "The system added Amir as Legal reviewer.",
        "The system added the organisation.",
        "The system added the organisation.",
    ]


def test_who_has_gone_is_somebody_and_a_fact_that_was_not_recorded_is_a_question_mark(cast):
    @action
    def happen(*, by=HOUSE) -> None:
        audit.record("organisation.edited", cast.elsewhere, by=User("GONE"))
        audit.record("organisation.dissolved", cast.elsewhere, by=cast.cora)

    happen()
    newest = audit.history(cast.elsewhere, limit=2)
    assert [line.text for line in newest] == ["Cora: organisation.dissolved", "Somebody changed ?."]


class User:
    """Somebody of whom nothing is left but the reference."""

    is_active = False

    def __init__(self, ref: str) -> None:
        self.ref = ref


def test_the_chain_outlives_the_sign_in(cast):
    accounts.close_sign_in(user=cast.otto, by=HOUSE)
    assert audit.verify() is None
    assert audit.history(cast.otto.person)[0].text == "The system closed the sign-in."
