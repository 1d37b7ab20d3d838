"""A database with events of before is linked anew, once and only if nothing is wrong with it, and an event says so."""

import hashlib
import importlib
import json
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from core import actions, audit
from core.access import HOUSE
from core.models import Anchor, Event, Head
from tests.core.test_redaction import redact

relink = importlib.import_module("core.migrations.0008_forgetting").relink


@pytest.fixture
def before(cast, tampering) -> str:
    """The chain as it was linked until now, with an anchor of it; the end."""
    digest = ""
    for event in Event.objects.order_by("seq"):
        line = [digest, event.seq, event.at.isoformat(), event.by, event.verb, event.subject, event.data]
        digest = hashlib.sha256(json.dumps(line, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        Event.objects.filter(pk=event.pk).update(hash=digest, salts={})
    Head.objects.update(hash=digest)
    Anchor.objects.create(day=cast.today, seq=event.seq, hash=digest, at="2027-01-01T00:00Z")
    return audit.end()


def run() -> None:
    relink(apps, SimpleNamespace(connection=connection))


@pytest.mark.postgres
def test_it_is_whole_after_it_and_values_can_be_erased(before, capsys):
    assert audit.verify() is not None
    facts = list(Event.objects.order_by("seq").values_list("at", "by", "verb", "subject", "data"))
    run()
    assert audit.verify() is None
    assert list(Event.objects.order_by("seq").values_list("at", "by", "verb", "subject", "data"))[:-1] == facts
    assert redact(["Cora"]) > 0
    call_command("verify_audit")


@pytest.mark.postgres
def test_an_event_says_so_and_names_the_end_there_was(before):
    count = Event.objects.count()
    run()
    told = Event.objects.latest("seq")
    assert (told.verb, told.by, told.seq) == ("chain.relinked", HOUSE.ref, count + 1)
    assert told.data == {"events": count, "before": before, "anchors": 1}
    text = audit.history(Head.objects.get())[0].text
    assert f"linked the audit chain anew, so that values can be erased from it: {count} events. It ended with {before}" in text


def test_the_anchors_of_before_go_and_one_that_was_kept_elsewhere_fits_no_more(before, cast, capsys):
    generation = Head.objects.get().generation
    run()
    assert (Anchor.objects.count(), Head.objects.get().generation) == (0, generation + 1)
    with pytest.raises(CommandError, match="the chain has been rewritten"):
        call_command("verify_audit", "--anchor", before)
    actions.anchor_chain(today=cast.today, by=HOUSE)
    call_command("verify_audit")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda: Event.objects.filter(seq=3).update(by="nobody"), "breaks at event 3"),
        (lambda: Event.objects.filter(seq=5).delete(), "breaks at event 5"),
        (lambda: Head.objects.update(hash="0" * 64), "does not end where its head says"),
        (lambda: Anchor.objects.create(day="2026-01-01", seq=2, hash="0" * 64, at="2026-01-01T00:00Z"), "the anchor of 2026"),
    ],
    ids=["changed", "cut", "head", "anchor"],
)
def test_a_chain_with_which_something_is_wrong_is_left_as_it_is(before, fault, said):
    fault()
    rows = list(Event.objects.order_by("seq").values())
    with pytest.raises(RuntimeError, match=said):
        run()
    assert list(Event.objects.order_by("seq").values()) == rows


def test_an_empty_chain_stays_empty(db):
    run()
    assert (Event.objects.count(), Head.objects.get().seq) == (0, 0)
