"""Nothing is completed before the work is handed over: refused at the desk, by the action, and by the database."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from core.models import Event
from fellowships import actions, demo, rules
from fellowships.models import Handover, Placement, Section

DONE = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 17]


def nothing_is_written(cast: SimpleNamespace) -> str:
    names = {"product": "Product", "technology": "Technology", "data": "Data"}
    missing = [each for each in Section.objects.order_by("number") if each.number in DONE]
    return (
        "14 required sections of the handover are neither accepted nor waived: "
        + "; ".join(f"{each} (somebody still to be named for {names[each.owner_role]})" for each in missing)
        + "."
    )


def one_is_open(cast: SimpleNamespace) -> str:
    demo.handed_over(placed(), [cast.stella, cast.sofia], fellow=cast.felix, by=cast.cora, but=[9])
    return "1 required section of the handover is neither accepted nor waived: 9 Data (Stella)."


def two_are_offered_and_not_accepted(cast: SimpleNamespace) -> str:
    handover = Handover.objects.get()
    people = [cast.stella, cast.sofia]
    sections = demo.handover_written(handover, people, fellow=cast.felix, by=cast.cora)
    demo.handover_accepted([each for each in sections if each.number not in (4, 9)], people)
    return (
        "2 required sections of the handover are neither accepted nor waived: 4 Things that change hands (Sofia); "
        "9 Data (Stella)."
    )


def one_was_accepted_and_changed(cast: SimpleNamespace) -> str:
    demo.handed_over(placed(), [cast.stella], fellow=cast.felix, by=cast.cora)
    changed = Section.objects.get(number=1)
    actions.edit_section(section=changed, answers={"vision": "Other."}, shown=changed.sha256(), by=cast.felix)
    return "1 required section of the handover is neither accepted nor waived: 1 Purpose and story (Stella)."


def one_was_sent_back(cast: SimpleNamespace) -> str:
    handover = Handover.objects.get()
    sections = demo.handover_written(handover, [cast.stella], fellow=cast.felix, by=cast.cora)
    demo.handover_accepted([each for each in sections if each.number != 17], [cast.stella])
    actions.send_back_section(section=Section.objects.get(number=17), reason="Not signed.", by=cast.stella)
    return "1 required section of the handover is neither accepted nor waived: 17 Sign-off (Stella)."


SITUATIONS = [
    nothing_is_written, one_is_open, two_are_offered_and_not_accepted, one_was_accepted_and_changed, one_was_sent_back,
]  # fmt: skip


def words(make: Any) -> str:
    return make.__name__.replace("_", " ")


def placed() -> Placement:
    return Placement.objects.get()


@pytest.mark.parametrize("situation", SITUATIONS, ids=words)
def test_refused_by_rule_action_and_desk_with_the_sections_and_the_names_that_are_missing(client, cast, handover, situation):
    sentence = situation(cast)
    with time_machine.travel(cast.ends + timedelta(days=1), tick=False):
        events = Event.objects.count()
        assert rules.complete_placement(cast.cora, placed()).reason == sentence
        with pytest.raises(PermissionDenied) as refused:
            actions.complete_placement(placement=placed(), by=cast.cora)
        assert str(refused.value) == sentence
        client.force_login(cast.cora)
        answer = client.post(f"/desk/placements/{cast.placement.ref}/complete/")
        assert answer.status_code == 403 and sentence in answer.content.decode()
        assert (placed().state, Event.objects.count()) == ("active", events)


@pytest.mark.postgres
@pytest.mark.parametrize("situation", SITUATIONS, ids=words)
def test_refused_by_the_database_as_an_update_and_as_an_insert(cast, handover, situation):
    situation(cast)
    facts = {"state": "completed", "ended_on": cast.ends}
    with pytest.raises(DatabaseError, match="completed_needs_handover"), transaction.atomic():
        Placement.objects.update(**facts)
    row = Placement.objects.values().get()
    with pytest.raises(DatabaseError, match="completed_needs_handover"), transaction.atomic():
        Placement.objects.create(**row | facts | {"id": None, "ref": "FORGED", "project_id": None})
    assert list(Placement.objects.values_list("state", flat=True)) == ["active"]


@pytest.mark.postgres
def test_a_placement_without_a_plan_is_not_completed(cast, handover):
    Section.objects.all().delete()
    Handover.objects.all().delete()
    with pytest.raises(DatabaseError, match="completed_needs_handover"), transaction.atomic():
        Placement.objects.update(state="completed", ended_on=cast.ends)
    with time_machine.travel(cast.ends, tick=False):
        assert rules.complete_placement(cast.cora, placed()).reason == "The placement has no handover plan yet."


def test_it_is_completed_on_its_last_day_and_not_before_and_only_by_the_coordinator(client, cast, handover):
    demo.handed_over(placed(), [cast.stella], fellow=cast.felix, by=cast.cora)
    day = date_format(cast.ends, "j F Y")
    with time_machine.travel(cast.ends - timedelta(days=1), tick=False):
        reason = f"The last day is {day}. It is completed then, or after."
        assert rules.complete_placement(cast.cora, placed()).reason == reason
    with time_machine.travel(cast.ends, tick=False):
        for who in (cast.felix, cast.stella, cast.nora, cast.audrey, cast.sofia, cast.rooth):
            with pytest.raises(PermissionDenied, match="Only a coordinator"):
                actions.complete_placement(placement=placed(), by=who)
        client.force_login(cast.cora)
        assert client.post(f"/desk/placements/{cast.placement.ref}/complete/").status_code == 302
        assert (placed().state, placed().ended_on, placed().outlook()) == ("completed", cast.ends, ("Completed", "good"))
        last = Event.objects.last()
        assert (last.verb, last.data["met"], last.data["musts"]) == ("placement.completed", 14, 14)
        with pytest.raises(PermissionDenied, match="Only an active placement"):
            actions.complete_placement(placement=placed(), by=cast.cora)


def test_a_waiver_by_name_with_a_reason_stands_in_for_an_acceptance(cast, handover):
    one_is_open(cast)
    actions.waive_section(section=Section.objects.get(number=9), reason="There are no data.", by=cast.cora)
    with time_machine.travel(cast.ends, tick=False):
        actions.complete_placement(placement=placed(), by=cast.cora)
    assert placed().state == "completed"


def completed(cast: SimpleNamespace) -> None:
    demo.handed_over(placed(), [cast.stella], fellow=cast.felix, by=cast.cora)
    with time_machine.travel(cast.ends, tick=False):
        actions.complete_placement(placement=placed(), by=cast.cora)


@pytest.mark.postgres
def test_under_a_completed_placement_the_handover_stays_as_it_was_accepted(cast, handover):
    completed(cast)
    found = Section.objects.get(number=1)
    sentence = "The placement is completed: its handover stays as it is."
    for rule, who in [(rules.edit_section, cast.felix), (rules.waive_section, cast.cora), (rules.assign_section, cast.cora)]:
        assert rule(who, found).reason == sentence
    gone = {"state": "open", "accepted_by": None, "accepted_at": None, "accepted_sha256": ""}
    with pytest.raises(DatabaseError, match="completed_keeps_handover"), transaction.atomic():
        Section.objects.filter(number=1).update(**gone)


def test_who_leaves_after_the_end_keeps_what_was_completed(cast, handover):
    completed(cast)
    actions.withdraw_fellow(fellow=cast.fellow, left_on=cast.ends, reason="Another job.", by=cast.cora)
    assert placed().state == "completed"


def test_a_completed_placement_still_counts_as_placed_and_is_public(cast, handover):
    completed(cast)
    assert cast.cycle.fellow_set.counts().placed == 1
    assert Placement.objects.for_public().count() == Placement.objects.standing().count() == 1
    assert [host.people for host in type(cast.host).objects.with_people()] == [1]


@pytest.mark.postgres
def test_the_fellow_neither_receives_nor_accepts_nor_waives_whatever_door_is_used(cast, handover):
    now, fellow = timezone.now(), cast.felix.person
    offered = {"receiver": fellow, "offered_at": now}
    accepted = {"state": "accepted", "accepted_by": fellow, "accepted_at": now, "accepted_sha256": "0" * 64}
    waived = {"state": "waived", "waived_by": fellow, "waived_at": now, "reason": "Mine."}
    for facts in ({"receiver": fellow}, {"state": "offered", **offered}, {**offered, **accepted}, waived):
        with pytest.raises(DatabaseError, match="section_never_by_its_fellow"), transaction.atomic():
            Section.objects.filter(number=1).update(**facts)
    assert Section.objects.get(number=1).state == "open"


@pytest.mark.postgres
def test_the_database_wants_who_and_when_of_an_acceptance_and_of_a_waiver(cast, handover):
    now, stella, sofia = timezone.now(), cast.stella.person, cast.sofia.person
    to = {"receiver": stella, "offered_at": now}
    by = {"accepted_by": stella, "accepted_at": now, "accepted_sha256": "0" * 64}
    for facts in (
        {"state": "accepted"},
        {"state": "accepted", **to},
        {"state": "accepted", **to, **by, "accepted_at": None},
        {"state": "accepted", **to, **by, "accepted_sha256": ""},
        {"state": "accepted", **to, **by, "accepted_by": sofia},
        {"state": "accepted", **by},
        {"state": "offered", "offered_at": now},
        {"state": "waived", "waived_by": stella, "waived_at": now},
        {"state": "waived", "reason": "Why not."},
        {"state": "left_out", "reason": "Why not."},
    ):
        with pytest.raises(DatabaseError, match="section_"), transaction.atomic():
            Section.objects.filter(number=1).update(**facts)
    Section.objects.filter(number=1).update(state="accepted", **to, **by)
