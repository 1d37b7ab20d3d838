"""The chain forgets a value and stays whole: every hash holds, an event tells of it, and nothing else can be changed."""

import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import actions as accounts
from core import audit
from core.access import HOUSE
from core.action import action
from core.models import Event, Head
from core.unit import NotInAction
from partnerships import actions as partnerships
from tests.threads import at_once

NAME = "Żaneta Łódzka"


@action
def redact(words: list[str], *, by=HOUSE, why: str = "Asked for on 3 March.") -> int:
    return audit.redact(words, by=by, why=why)


@action
def happen(verb: str, obj, *, by=HOUSE, **facts) -> None:
    audit.record(verb, obj, by=by, **facts)


def said(capsys, *arguments: str) -> str:
    try:
        call_command("verify_audit", *arguments)
    except CommandError as error:
        return str(error)
    return capsys.readouterr().out.strip()


@pytest.fixture
def zaneta(cast):
    """Somebody with a name beyond ASCII, whom several events name."""
    person = accounts.add_person(name=NAME, by=HOUSE)
    partnerships.add_member(organisation=cast.agency, person=person, role="official", by=cast.cora)
    happen("x.deep", cast.agency, facts={"a": [1, {"who": f"met {NAME.upper()} twice"}], "n": 0.5}, other="stays")
    return person


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, salts, gone FROM core_event")
        return json.dumps([[json.loads(v) if isinstance(v, str) else v for v in row] for row in cursor.fetchall()])


# ------------------------------------------------------------------------------------------------- finding


@pytest.mark.postgres
def test_a_word_is_found_at_any_depth_whatever_its_capitals_and_accents(cast, zaneta):
    whole = ["organisation.member_added", "x.deep"]
    decomposed = "z\u0307aneta ło\u0301dzka"
    for word in (NAME, NAME.lower(), NAME.upper(), "łódzka", decomposed, f"  {NAME.replace(' ', '  ')} "):
        assert [event.verb for event in audit.mentions([word])] == whole, word
    assert [event.verb for event in audit.mentions(["0.5"])] == ["x.deep"]
    assert [event.verb for event in audit.mentions(["Lodzka"])] == []
    for nothing in ([], [""], [" \n"]):
        assert audit.mentions(nothing) == []


def test_the_reference_of_somebody_is_no_text_of_theirs(cast):
    """`by` and `subject` are references: they stay, or nobody could say that one and the same person did two things."""
    happen("x.y", cast.agency, by=cast.otto)
    assert [event.verb for event in audit.mentions([cast.otto.ref]) if event.verb == "x.y"] == []


# ------------------------------------------------------------------------------------------------- erasing


@pytest.mark.postgres
def test_what_names_somebody_goes_and_the_chain_is_whole_as_it_was(cast, zaneta, capsys):
    end, hashes = audit.end(), list(Event.objects.order_by("seq").values_list("hash", flat=True))
    assert redact([NAME], by=cast.cora) == 2
    assert list(Event.objects.order_by("seq").values_list("hash", flat=True))[:-1] == hashes
    assert not re.search("zaneta|łódzka|odzka", stored(), re.IGNORECASE)
    deep = Event.objects.get(verb="x.deep")
    assert (deep.data, list(deep.salts), list(deep.gone)) == ({"other": "stays"}, ["other"], ["facts"])
    assert audit.verify() is None
    assert said(capsys, "--anchor", end) == (
        f"The chain is whole. Its end: {audit.end()}\n"
        "Values that were erased from it: 2. An event says so of each.\n"
        "It has what was kept: 1 of 1 ends."
    )


@pytest.mark.postgres
def test_an_event_tells_where_by_whom_and_why(cast, zaneta):
    seqs = [event.seq for event in audit.mentions([NAME])]
    redact([NAME], by=cast.cora, why=f"{NAME} asked for it.")
    told = Event.objects.last()
    assert (told.verb, told.by, told.subject) == ("event.redacted", cast.cora.ref, "core.head:1")
    assert told.data == {
        "values": 2,
        "events": 2,
        "where": {str(seqs[0]): ["name"], str(seqs[1]): ["facts"]},
        "why": "[erased] asked for it.",
    }
    (line,) = audit.history(Head(pk=1))
    assert line.text == "Cora had 2 values erased from 2 events of the chain: [erased] asked for it."


@pytest.mark.postgres
def test_erased_twice_it_is_erased_once_and_another_word_takes_more(cast, zaneta):
    redact([NAME])
    assert redact([NAME]) == 0
    assert Event.objects.filter(verb="event.redacted").count() == 1
    assert redact(["stays"]) == 1
    deep = Event.objects.get(verb="x.deep")
    assert (deep.data, deep.salts, sorted(deep.gone)) == ({}, {}, ["facts", "other"])
    assert (audit.verify(), audit.erased()) == (None, (3, []))


def test_the_reason_of_an_earlier_redaction_can_be_erased_and_where_it_was_cannot(cast, zaneta):
    redact([NAME], why="Otto asked, number 7.")
    assert redact(["Otto asked"]) == 1
    assert redact(["facts"]) == len(audit.mentions(["facts"])) == 0
    assert (audit.verify(), audit.erased()) == (None, (3, []))


def test_what_the_same_action_has_recorded_loses_the_words_before_it_is_written(cast, zaneta):
    @action
    def erase(*, by=HOUSE) -> None:
        audit.record("person.renamed", zaneta, by=by, before=NAME, after="", list=[{NAME: f"of {NAME}"}, 5])
        audit.redact([NAME], by=by, why="")

    erase()
    renamed = Event.objects.get(verb="person.renamed")
    assert renamed.data == {"before": "[erased]", "after": "", "list": [{"[erased]": "of [erased]"}, 5]}
    assert audit.verify() is None


def test_it_is_part_of_an_action_or_nothing(cast, zaneta):
    with pytest.raises(NotInAction):
        audit.redact([NAME], by=HOUSE)

    @action
    def fails(*, by=HOUSE) -> None:
        audit.redact([NAME], by=by)
        raise ValueError

    with pytest.raises(ValueError):
        fails()
    assert len(audit.mentions([NAME])) == 2
    assert redact(["", "  "]) == 0


# ------------------------------------------------------------------------------------------------- reading


def test_a_sentence_says_that_something_was_erased_and_so_do_the_log_and_its_file(client, cast, zaneta, ada):
    partnerships.edit_organisation(organisation=cast.agency, facts={"city": "Nowa Łódź"}, by=cast.cora)
    redact([NAME, "Nowa Łódź"])
    newest = [line.text for line in audit.history(cast.agency)]
    assert newest[0] == "Cora changed city."
    assert "Cora added [erased] as Official." in newest
    client.force_login(cast.cora)
    page = client.get("/desk/log/").content.decode()
    assert "Cora added [erased] as Official." in page
    shown = re.sub(r"\s+", " ", page)
    assert "What was before and after was erased" in shown
    rows = client.get("/desk/log/?format=csv").content.decode()
    assert "Cora added [erased] as Official." in rows and "What was before and after was erased" in rows
    assert "Łódź" not in page + rows
    client.force_login(ada)
    assert "The system had 3 values erased from 3 events of the chain: Asked for on 3 March." in (
        client.get("/desk/log/").content.decode()
    )


def test_somebody_whose_name_was_erased_is_an_erased_person(cast, zaneta):
    happen("organisation.edited", cast.agency, by=cast.otto, fields="city")
    cast.otto.person.erased_at = timezone.now()
    cast.otto.person.save()
    assert audit.history(cast.agency)[0].text == "Erased person changed city."


# ------------------------------------------------------------------------------------------------- what the database refuses


def forms(event: Event) -> list[dict]:
    """What an intruder tries on an event with the keys `facts` and `other`: each has one thing wrong."""
    data, salts = event.data, event.salts
    digest = audit.digest(salts["facts"], data["facts"])
    left, salt = {"other": data["other"]}, {"other": salts["other"]}
    right = {"data": left, "salts": salt, "gone": {"facts": digest}}
    return [
        {"data": data | {"other": "else"}},
        {"data": data | {"more": 1}, "salts": salts | {"more": "0" * 32}},
        {"data": left},
        {"data": left, "salts": salt},
        {"salts": salts | {"other": "0" * 32}},
        {"gone": {"more": digest}},
        {"data": data, "salts": salts, "gone": {"facts": digest}},
        {"data": data, "salts": salt, "gone": {"facts": digest}},
        right | {"salts": salts},
        right | {"data": {"other": "else"}},
        right | {"data": {}},
        right | {"gone": {"facts": "x" * 64}},
        right | {"gone": {"facts": digest[:-1]}},
        right | {"gone": {"facts": 7}},
        right | {"gone": {"facts": digest, "more": digest}},
        right | {"salts": {"other": "0" * 32}},
        right | {"hash": "0" * 64},
        right | {"by": "nobody"},
        right | {"verb": "x.other"},
        right | {"subject": "x"},
        right | {"seq": 10**6},
        right | {"at": "2020-01-01T00:00Z"},
        {"data": [], "salts": [], "gone": right["gone"]},
        {"data": data},
    ]


@pytest.mark.postgres
def test_the_database_takes_an_erasure_and_no_other_change(cast, zaneta):
    event = Event.objects.get(verb="x.deep")
    for facts in forms(event):
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.filter(seq=event.seq).update(**facts)
        assert Event.objects.filter(seq=event.seq).values().get() == Event.objects.filter(verb="x.deep").values().get()
    assert Event.objects.get(verb="x.deep").data == event.data
    digest = audit.digest(event.salts["facts"], event.data["facts"])
    right = {"data": {"other": "stays"}, "salts": {"other": event.salts["other"]}, "gone": {"facts": digest}}
    assert Event.objects.filter(seq=event.seq).update(**right) == 1
    other = {"other": audit.digest(event.salts["other"], "stays")}
    for back in (
        {"gone": {}},
        {"gone": {"facts": "0" * 64}},
        {"data": event.data, "salts": event.salts, "gone": {}},
        {"data": {}, "salts": {}, "gone": other | {"facts": "0" * 64}},
        {"data": {}, "salts": {}, "gone": other | {"more": digest}},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.filter(seq=event.seq).update(**back)
    assert audit.verify() is None


# ------------------------------------------------------------------------------------------------- what is found


@pytest.mark.postgres
def test_a_value_that_was_erased_past_the_house_is_found(cast, zaneta, capsys):
    """The database lets it pass, because it cannot know why: the chain has no event that tells of it."""
    event = Event.objects.get(verb="x.deep")
    gone = {"other": audit.digest(event.salts["other"], event.data["other"])}
    Event.objects.filter(seq=event.seq).update(
        data={"facts": event.data["facts"]}, salts={"facts": event.salts["facts"]}, gone=gone
    )
    assert audit.verify() is None
    assert said(capsys) == f"Event {event.seq}: other was erased, and no event says so."
    redact([NAME])  # an event that tells of this event, but of another value
    assert said(capsys) == f"Event {event.seq}: other was erased, and no event says so."


def test_a_false_digest_and_a_false_salt_break_the_chain(cast, zaneta, tampering):
    event = Event.objects.get(verb="x.deep")
    whole = {"data": event.data, "salts": event.salts, "gone": event.gone}
    for facts in (
        {"data": {"other": "stays"}, "salts": {"other": event.salts["other"]}, "gone": {"facts": "0" * 64}},
        {"salts": event.salts | {"other": "0" * 32}},
        {"salts": {}},
        {"salts": []},
        {"gone": {"other": audit.digest(event.salts["other"], "stays")}},
        {"data": {}, "salts": {}},
    ):
        Event.objects.filter(seq=event.seq).update(**whole | facts)
        assert audit.verify() == event.seq, facts


def test_of_the_same_value_no_two_digests_are_the_same(cast):
    happen("x.y", cast.agency, phone="12345")
    happen("x.y", cast.agency, phone="12345")
    redact(["12345"])
    first, second = Event.objects.filter(verb="x.y").order_by("seq")
    assert first.gone.keys() == second.gone.keys() == {"phone"}
    assert first.gone != second.gone
    assert first.salts == second.salts == {}


# ------------------------------------------------------------------------------------------------- at the same time


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_writers_and_two_who_erase_leave_a_whole_chain(django_user_model):
    for n in range(10):
        partnerships.add_organisation(name=f"Agency {n}", by=HOUSE)
        happen("x.met", Head(pk=1), name=f"{NAME} {n}", place="Otto’s house")
    found: list[int | None] = []

    def write(name: str):
        def run() -> None:
            for n in range(12):
                partnerships.add_organisation(name=f"{name} {n}", by=HOUSE)
                happen("x.met", Head(pk=1), name=f"{NAME} {name} {n}", place="Otto’s house")

        return run

    def erase(words: str):
        def run() -> None:
            for _n in range(6):
                redact([words])
                found.append(audit.verify())

        return run

    assert at_once(*map(write, "ABCD"), erase(NAME), erase("otto’s")) == []
    assert found == [None] * 12
    redact([NAME, "Otto’s"])
    assert (audit.verify(), audit.mentions(["Łódzka", "otto"])) == (None, [])
    assert audit.erased() == (2 * (10 + 4 * 12), [])
