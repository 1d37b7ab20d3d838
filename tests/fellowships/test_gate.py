"""No work before signature: refused at the desk, by the action, and by the database for whoever comes another way."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils.formats import date_format

from core.access import HOUSE
from core.models import Event
from fellowships import actions, demo, rules
from fellowships.models import Placement
from mou import actions as mou
from mou import demo as mou_demo
from mou.models import Agreement
from partnerships import actions as partnerships

NAMED = "Agreement {ref} is not signed yet. Missing: {missing}."


def no_agreement(cast: SimpleNamespace) -> str:
    return "There is no agreement with Agency. Nothing starts before both sides have signed one."


def a_draft(cast: SimpleNamespace) -> str:
    made = demo.agreement_ready(cast.host, by=cast.cora)
    return f"Agreement {made.ref} with Agency is not in force: it is draft."


def out(cast: SimpleNamespace) -> str:
    made = demo.agreement_out(cast.host, by=cast.cora)
    return NAMED.format(ref=made.ref, missing="Nora for NGO; Sofia for Agency")


def half_signed(cast: SimpleNamespace) -> str:
    made = mou_demo.sign(demo.agreement_out(cast.host, by=cast.cora), [cast.sofia])
    return NAMED.format(ref=made.ref, missing="Nora for NGO")


def taken_back_after_a_signature(cast: SimpleNamespace) -> str:
    made = mou_demo.sign(demo.agreement_out(cast.host, by=cast.cora), [cast.nora])
    mou.recall_agreement(agreement=made, reason="A word was wrong.", by=cast.cora)
    return f"Agreement {made.ref} with Agency is not in force: it is draft."


def declined(cast: SimpleNamespace) -> str:
    made = demo.agreement_out(cast.host, by=cast.cora)
    mou.decline_agreement(agreement=made, reason="Not like this.", by=cast.sofia)
    return f"Agreement {made.ref} with Agency is not in force: it is declined."


def withdrawn(cast: SimpleNamespace) -> str:
    made = demo.agreement_out(cast.host, by=cast.cora)
    mou.withdraw_agreement(agreement=made, reason="Not this year.", by=cast.cora)
    return f"Agreement {made.ref} with Agency is not in force: it is withdrawn."


def ended(cast: SimpleNamespace) -> str:
    made = demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    mou.expire_agreement(agreement=made, today=cast.ends + timedelta(days=1), by=HOUSE)
    return f"Agreement {made.ref} with Agency is not in force: it is ended."


def ends_a_day_early(cast: SimpleNamespace) -> str:
    made = demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    last = cast.ends + timedelta(days=1)
    actions.edit_placement(placement=cast.placement, facts={"ends": last}, by=cast.cora)
    days = [date_format(day, "j F Y") for day in (cast.starts, cast.ends, cast.starts, last)]
    return "Agreement {} covers {} to {}; the placement runs from {} to {}.".format(made.ref, *days)


def begins_a_day_late(cast: SimpleNamespace) -> str:
    made = demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    first = cast.starts - timedelta(days=1)
    actions.edit_placement(placement=cast.placement, facts={"starts": first}, by=cast.cora)
    days = [date_format(day, "j F Y") for day in (cast.starts, cast.ends, first, cast.ends)]
    return "Agreement {} covers {} to {}; the placement runs from {} to {}.".format(made.ref, *days)


def of_another_programme(cast: SimpleNamespace) -> str:
    other = partnerships.open_programme(name="Another", organisation=cast.ngo, coordinator=cast.cora.person, by=HOUSE)
    scene = demo.planned(other, cast.agency, cast.otto.person, starts=cast.starts, ends=cast.ends, by=cast.cora)
    demo.agreement_in_force(scene.host, [cast.sofia, cast.nora], by=cast.cora)
    return no_agreement(cast)


def of_another_host(cast: SimpleNamespace) -> str:
    partnerships.edit_organisation(
        organisation=cast.elsewhere,
        facts={"legal_basis": "Charter", "address": "3 Hill", "notice_email": "law@elsewhere.example"},
        by=HOUSE,
    )
    host = actions.add_host(cycle=cast.cycle, organisation=cast.elsewhere, by=cast.cora)
    demo.agreement_in_force(host, [cast.otto, cast.nora], by=cast.cora)
    return no_agreement(cast)


def days_in_the_wrong_order(cast: SimpleNamespace) -> str:
    """The placement has a first day of its own, and the cycle was shortened below it."""
    late = cast.ends - timedelta(days=10)
    actions.edit_placement(placement=cast.placement, facts={"starts": late}, by=cast.cora)
    cycle = cast.cycle
    actions.edit_cycle(cycle=cycle, facts={"ends": late - timedelta(days=1)}, by=cast.cora)
    cast.placement.refresh_from_db()
    cast.placement.host.refresh_from_db()
    return "The last day of the placement lies before its first: change its days."


SITUATIONS = [
    no_agreement, a_draft, out, half_signed, taken_back_after_a_signature, declined, withdrawn, ended, ends_a_day_early,
    begins_a_day_late, of_another_programme, of_another_host, days_in_the_wrong_order,
]  # fmt: skip


def words(make: Any) -> str:
    return make.__name__.replace("_", " ")


@pytest.mark.parametrize("situation", SITUATIONS, ids=words)
def test_refused_by_rule_action_and_desk_with_the_sentence_that_names_what_is_missing(client, cast, situation):
    sentence = situation(cast)
    events = Event.objects.count()
    assert rules.start_placement(cast.cora, cast.placement).reason == sentence
    with pytest.raises(PermissionDenied) as refused:
        actions.start_placement(placement=cast.placement, by=cast.cora)
    assert str(refused.value) == sentence
    client.force_login(cast.cora)
    answer = client.post(f"/desk/placements/{cast.placement.ref}/start/")
    assert answer.status_code == 403 and sentence in answer.content.decode()
    assert (Placement.objects.get(pk=cast.placement.pk).state, Event.objects.count()) == ("planned", events)


def under_any(cast: SimpleNamespace) -> list[Agreement | None]:
    """What somebody who writes SQL may put into the column: nothing, or any agreement there is."""
    return [None, *Agreement.objects.all()]


@pytest.mark.postgres
@pytest.mark.parametrize("situation", SITUATIONS, ids=words)
def test_refused_by_the_database_as_an_update_and_as_an_insert(cast, situation):
    situation(cast)
    row = Placement.objects.filter(pk=cast.placement.pk).values().get()
    placed = {"starts": row["starts"] or cast.starts, "ends": row["ends"] or cast.ends, "state": "active"}
    refusal = "active_needs_agreement|placement_active_has_days_and_agreement"
    for agreement in under_any(cast):
        facts = placed | {"agreement_id": agreement and agreement.pk}
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            Placement.objects.filter(pk=row["id"]).update(**facts)
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            Placement.objects.create(**row | facts | {"id": None, "ref": "FORGED", "project_id": None})
    assert set(Placement.objects.values_list("state", flat=True)) == {"planned"}


def test_it_starts_once_the_agreement_is_in_force_and_only_for_the_coordinator(client, cast, agreement_in_force):
    for name in ("felix", "stella", "nora", "audrey", "sofia", "rooth"):
        with pytest.raises(PermissionDenied, match="Only a coordinator"):
            actions.start_placement(placement=cast.placement, by=getattr(cast, name))
    client.force_login(cast.cora)
    asked = client.get(f"/desk/placements/{cast.placement.ref}/start/").content.decode()
    assert "in 30 days. Started now, it counts as running from today." in " ".join(asked.split())
    assert client.post(f"/desk/placements/{cast.placement.ref}/start/").status_code == 302
    started = Placement.objects.get()
    assert (started.state, started.agreement, started.starts, started.ends) == (
        "active",
        agreement_in_force,
        cast.starts,
        cast.ends,
    )
    started = Event.objects.get(verb="placement.started")
    assert (started.data["agreement"], Event.objects.last().verb) == (agreement_in_force.ref, "handover.made")


def test_it_starts_once(cast, agreement_in_force):
    actions.start_placement(placement=cast.placement, by=cast.cora)
    with pytest.raises(PermissionDenied, match="Only a planned placement starts"):
        actions.start_placement(placement=cast.placement, by=cast.cora)


def test_who_has_left_does_not_start(cast, agreement_in_force):
    actions.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="Another job.", by=cast.cora)
    again = Placement.objects.get()
    assert again.state == "withdrawn"
    with pytest.raises(PermissionDenied, match="Only a planned placement starts"):
        actions.start_placement(placement=again, by=cast.cora)


MOVES = {"the last day": {"ends": 1}, "the first day": {"starts": -1}}


@pytest.mark.postgres
@pytest.mark.parametrize("what", MOVES)
def test_an_active_placement_cannot_be_moved_out_of_the_days_that_are_covered(cast, agreement_in_force, what):
    actions.start_placement(placement=cast.placement, by=cast.cora)
    facts = {name: getattr(cast, name) + timedelta(days=days) for name, days in MOVES[what].items()}
    with pytest.raises((DatabaseError, PermissionDenied)):
        actions.edit_placement(placement=Placement.objects.get(), facts=facts, by=cast.cora)
    with pytest.raises(DatabaseError, match="active_needs_agreement"), transaction.atomic():
        Placement.objects.update(**facts)
    moved = Placement.objects.get()
    assert (moved.starts, moved.ends, moved.state) == (cast.starts, cast.ends, "active")
    inside = {"ends": cast.ends - timedelta(days=1)}
    actions.edit_placement(placement=moved, facts=inside, by=cast.cora)
    assert Placement.objects.get().ends == inside["ends"]


@pytest.mark.postgres
def test_an_active_placement_cannot_be_put_under_another_agreement_or_host(cast, agreement_in_force, agreements):
    actions.start_placement(placement=cast.placement, by=cast.cora)
    elsewhere = actions.add_host(cycle=cast.cycle, organisation=cast.elsewhere, by=cast.cora)
    for facts in ({"agreement": agreements(1)[0]}, {"host": elsewhere}):
        with pytest.raises(DatabaseError, match="active_needs_agreement"), transaction.atomic():
            Placement.objects.update(**facts)
