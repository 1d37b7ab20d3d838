"""The end of the chain leaves the database once a day: who owns the database and rewrites it is found out by who kept one."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import actions as accounts
from core import actions, anchoring, audit, triggers
from core.access import HOUSE
from core.jobs import run_jobs, tick
from core.models import Anchor, Event, Head, Message
from core.unit import Draft
from partnerships import actions as partnerships
from tests.conftest import sign_in_for
from tests.threads import at_once

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ZEROS = "0" * 64


def anchored(cast, **facts) -> str:
    """A day's anchor, as somebody keeps it."""
    return str(actions.anchor_chain(today=facts.pop("today", cast.today), by=HOUSE))


def add(*names: str) -> None:
    for name in names:
        partnerships.add_organisation(name=name, by=HOUSE)


def rewrite(events: list[Event]) -> None:
    """What somebody does who owns the database and knows how the chain is made."""
    Event.objects.all().delete()
    digest = ""
    for seq, event in enumerate(events, start=1):
        draft = Draft(event.at, event.by, event.verb, event.subject, event.data, event.salts, event.gone)
        digest = audit.link(digest, seq, draft)
        Event.objects.create(seq=seq, hash=digest, **vars(draft))
    Head.objects.update(seq=len(events), hash=digest)


@pytest.fixture
def owner(tampering: None) -> Iterator[None]:
    """Owns the database: the anchors in it are theirs to change, too."""
    triggers.lift(connection, "core_anchor")
    yield
    triggers.guard(connection, "core_anchor")


def answer(capsys, *arguments: str) -> str:
    """What the command says, good or bad."""
    try:
        call_command("verify_audit", *arguments)
    except CommandError as error:
        return str(error)
    return capsys.readouterr().out.strip()


# ------------------------------------------------------------------------------------------------- taken once a day


def test_the_clock_has_the_end_written_down_once_a_day(cast):
    with time_machine.travel(NOON, tick=False):
        assert tick(NOON) > 0
        run_jobs()
        end = audit.end()
        add("Later")
        tick(NOON)
        anchoring.anchor_chain("2027-03-01")
        run_jobs()
    (anchor,) = Anchor.objects.all()
    assert (str(anchor), anchor.day.isoformat(), anchor.at) == (end, "2027-03-01", NOON)


def test_after_missed_days_one_anchor_is_taken_and_it_is_of_today(cast):
    """Whatever day the clock asked for: an end that is taken today is never passed off as that of an earlier day."""
    with time_machine.travel(NOON, tick=False):
        for day in ("2027-02-26", "2027-02-27", "2027-03-01"):
            anchoring.anchor_chain(day)
    assert [anchor.day.isoformat() for anchor in Anchor.objects.all()] == ["2027-03-01"]


def test_a_chain_without_an_event_has_an_end_as_well(db, capsys):
    with time_machine.travel(NOON, tick=False):
        anchoring.anchor_chain("2027-03-01")
    assert str(Anchor.objects.get()) == f"0:{ZEROS}"
    assert answer(capsys, "--anchor", f"0:{ZEROS}").endswith("It has what was kept: 1 of 1 ends.")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_one(django_user_model):
    add("Agency")
    today = NOON.date()
    assert at_once(*[lambda: actions.anchor_chain(today=today, by=HOUSE)] * 3) == []
    assert [str(anchor) for anchor in Anchor.objects.all()] == [audit.end()]


# ------------------------------------------------------------------------------------------------- who gets it


def test_auditors_administrators_and_named_addresses_get_one_mail_a_day(cast, ada, settings):
    settings.AUDIT_MAIL = ["notary@example.net", "Audrey@example.org"]
    accounts.give_site_role(person=cast.audrey.person, role="administrator", by=HOUSE)
    gone = sign_in_for("gone")
    role = partnerships.give_programme_role(programme=cast.programme, person=gone.person, role="auditor", by=HOUSE)
    partnerships.end_programme_role(role=role, by=HOUSE)
    run_jobs()
    mail.outbox.clear()
    kept = anchored(cast)
    anchored(cast)
    run_jobs()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["ada@example.org", "audrey@example.org", "notary@example.net"]
    for sent in mail.outbox:
        body = sent.body.replace("\n", " ")
        assert f"\n{kept}\n" in f"\n{sent.body}"
        assert f"manage.py verify_audit --anchor {kept}" in body
        assert "Keep this mail where nobody who runs the site can change it" in body
        assert "/audit/" in body
    reasons = {sent.to[0]: sent.body.split("\n--\n")[1].replace("\n", " ").strip() for sent in mail.outbox}
    assert reasons == {
        "ada@example.org": "You get this mail once a day because you audit a programme or administer this site.",
        "audrey@example.org": "You get this mail once a day because you audit a programme or administer this site.",
        "notary@example.net": "You get this mail once a day because the operator of this site names this address (AUDIT_MAIL).",
    }


def test_who_keeps_anchors_finds_them_among_the_messages_and_not_in_front_of_what_is_to_be_read(client, cast):
    partnerships.add_member(organisation=cast.agency, person=cast.audrey.person, role="official", by=HOUSE)
    anchored(cast)
    client.force_login(cast.audrey)
    assert "Keep this: the audit chain" not in client.get("/desk/").content.decode()
    assert "Keep this: the audit chain" in client.get("/desk/messages/").content.decode()
    assert Message.objects.filter(about__startswith="core.anchor:").count() == 1


# ------------------------------------------------------------------------------------------------- for everybody


def test_everybody_reads_the_anchors_the_newest_first_and_takes_them_along(client, cast):
    first = Anchor.objects.create(day="2027-02-01", seq=1, hash="a" * 64, at="2027-02-01T03:00:00Z")
    second = Anchor.objects.create(day="2027-02-02", seq=7, hash="b" * 64, at="2027-02-02T03:00:00Z")
    page = client.get("/audit/").content.decode()
    assert page.index("2 Feb 2027") < page.index("1 Feb 2027")
    assert "bbbbbbbb bbbbbbbb" in page and "2 days" in page
    (head, *rows) = csv.reader(io.StringIO(client.get("/audit/?format=csv").content.decode("utf-8-sig")))
    assert head == ["day", "seq", "hash", "at"]
    assert rows == [
        ["2027-02-02", "7", second.hash, "2027-02-02T03:00:00+00:00"],
        ["2027-02-01", "1", first.hash, "2027-02-01T03:00:00+00:00"],
    ]
    told = json.loads(client.get("/audit/?format=json").content)
    assert (told["count"], [list(row.values()) for row in told["anchors"]]) == (
        2,
        [[rows[0][0], 7, *rows[0][2:]], ["2027-02-01", 1, *rows[1][2:]]],
    )


def test_the_page_is_there_before_the_first_day_and_new_at_once_after_it(client, cast):
    assert "No day is anchored yet" in client.get("/audit/").content.decode()
    kept = anchored(cast)
    assert kept.partition(":")[2][:8] in client.get("/audit/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_there_are(client, db, django_assert_num_queries, count):
    for n in range(count):
        Anchor.objects.create(day=f"2027-02-0{n + 1}", seq=n, hash="a" * 64, at="2027-02-01T03:00:00Z")
    with django_assert_num_queries(3):  # the age of the public pages, the count, the rows
        client.get("/audit/")


def test_the_foot_of_a_public_page_leads_there_and_its_head_does_not(client, cast):
    page = client.get("/agreements/").content.decode()
    assert page.count('href="/audit/"') == 1
    assert page.index("<footer") < page.index('href="/audit/"')


# ------------------------------------------------------------------------------------------------- what it finds


def found(kept: str) -> int:
    return int(kept.partition(":")[0])


@pytest.mark.postgres
def test_a_chain_that_nobody_touched_has_what_was_kept(cast, capsys):
    first = anchored(cast)
    add("Later")
    second = audit.end()
    assert answer(capsys, "--anchor", first, "--anchor", second.upper()) == (
        f"The chain is whole. Its end: {second}\nIt has what was kept: 2 of 2 ends."
    )


@pytest.mark.postgres
def test_a_chain_that_was_cut_off_is_found_by_who_kept_an_end(cast, owner, capsys):
    add("One", "Two")
    kept = anchored(cast)
    rewrite(list(Event.objects.order_by("seq"))[:-1])
    said = f"Event {found(kept)} is not there: the chain has been cut off before it."
    assert answer(capsys) == f"{said} It is among the anchors of this database."
    Anchor.objects.all().delete()
    assert answer(capsys) == f"The chain is whole. Its end: {audit.end()}"  # alone it sees nothing any more
    assert answer(capsys, "--anchor", kept) == said


@pytest.mark.postgres
def test_a_chain_that_was_rewritten_is_found_by_who_kept_an_end(cast, owner, capsys):
    """As a careful owner does it: an event in the past is changed, every hash after it computed anew, the anchors as well."""
    add("One", "Two")
    kept = anchored(cast)
    events = list(Event.objects.order_by("seq"))
    events[3].data, events[3].salts = {"name": "Another"}, {"name": "0" * 32}
    rewrite(events)
    said = f"Event {found(kept)} is not the one that it was: the chain has been rewritten."
    assert answer(capsys) == f"{said} It is among the anchors of this database."
    number, _colon, digest = audit.end().partition(":")
    Anchor.objects.update(seq=number, hash=digest)
    assert answer(capsys) == f"The chain is whole. Its end: {audit.end()}"
    assert answer(capsys, "--anchor", kept) == said


def test_what_happened_after_the_anchor_is_not_vouched_for(cast, owner, capsys):
    """What no anchor can know: the days between are as short as they are for this."""
    kept = anchored(cast)
    add("One")
    rewrite(list(Event.objects.order_by("seq"))[:-1])
    assert answer(capsys, "--anchor", kept).endswith("It has what was kept: 1 of 1 ends.")


def test_a_broken_chain_and_an_end_that_is_missing_are_both_told(cast, owner, capsys):
    kept = anchored(cast)
    Event.objects.filter(seq=found(kept)).delete()
    Event.objects.filter(seq=3).update(by="nobody")
    assert answer(capsys, "--anchor", kept) == (
        f"The chain breaks at event 3.\nEvent {found(kept)} is not there: the chain has been cut off before it."
    )


@pytest.mark.parametrize("shape", ["csv", "json", "mails"])
def test_a_file_of_what_was_kept_is_read_as_the_page_gave_it_and_as_the_mails_had_it(
    client, cast, owner, capsys, tmp_path, shape
):
    file = tmp_path / "kept"
    ends = []
    for day in ("2027-02-01", "2027-02-02", "2027-02-03"):
        add(day)
        ends.append(anchored(cast, today=datetime.fromisoformat(day).date()))
    if shape == "mails":
        file.write_text("".join(f"> Keep this\r\n> {end}\r\n> manage.py verify_audit --anchor {end}\r\n" for end in ends))
    else:
        file.write_bytes(client.get(f"/audit/?format={shape}").content)
    assert answer(capsys, "--anchors", str(file)).endswith("It has what was kept: 3 of 3 ends.")
    rewrite(list(Event.objects.order_by("seq"))[:-1])
    assert answer(capsys, "--anchors", str(file)) == (
        f"Event {found(ends[2])} is not there: the chain has been cut off before it."
    )
    add("Instead")
    assert answer(capsys, "--anchors", str(file)) == (
        f"Event {found(ends[2])} is not the one that it was: the chain has been rewritten."
    )


def test_of_many_that_do_not_fit_the_first_five_are_named(cast, owner, capsys, tmp_path):
    last = Head.objects.get().seq
    file = tmp_path / "kept.txt"
    file.write_text("\n".join(f"{last + n}:{'a' * 64}" for n in range(1, 8)))
    said = answer(capsys, "--anchors", str(file)).splitlines()
    assert (len(said), said[0], said[-1]) == (
        6,
        f"Event {last + 1} is not there: the chain has been cut off before it.",
        "And 2 more.",
    )


def test_a_file_that_is_not_there_or_has_no_end_in_it_is_said(cast, capsys, tmp_path):
    assert (
        answer(capsys, "--anchors", str(tmp_path / "none")) == f"{tmp_path / 'none'} cannot be read: No such file or directory."
    )
    (tmp_path / "other.csv").write_text("day,seq,hash,at\n")
    assert "other.csv has no end of a chain" in answer(capsys, "--anchors", str(tmp_path / "other.csv"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_chain_is_whole_at_every_moment_at_which_others_write_to_it(django_user_model):
    add("Agency")
    found: list[int | None] = []

    def write(name: str) -> None:
        for n in range(15):
            add(f"{name} {n}")

    def check() -> None:
        for _n in range(40):
            found.append(audit.verify())

    assert at_once(lambda: write("One"), lambda: write("Two"), check) == []
    assert found == [None] * 40
    assert audit.verify() is None
    assert Event.objects.count() == 31
