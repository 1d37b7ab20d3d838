"""A state is moved along its table and no other way."""

import pytest
from django.db import IntegrityError, transaction

from core.access import HOUSE
from core.action import action
from core.models import Event
from core.states import Machine, WrongState
from fellowships.models import Cycle
from fellowships.states import CYCLE, FELLOW, PLACEMENT, SECTION, CycleState, FellowState, PlacementState, SectionState
from mou.states import AGREEMENT, DUTY, AgreementState, DutyState
from tests.threads import at_once

TABLES = {
    "agreement": (AGREEMENT, AgreementState, AgreementState.DRAFT),
    "duty": (DUTY, DutyState, DutyState.WAITING),
    "cycle": (CYCLE, CycleState, CycleState.PREPARING),
    "fellow": (FELLOW, FellowState, FellowState.TAKES_PART),
    "placement": (PLACEMENT, PlacementState, PlacementState.RECORDED),
    "section": (SECTION, SectionState, SectionState.OPEN),
}


@action
def move(*, name: str, cycle: Cycle, by=HOUSE, **note: object) -> None:
    CYCLE.apply(name, cycle, by=by, note=note)


def test_a_move_changes_the_state_and_is_remembered_with_what_was_and_what_is(cast):
    move(name="publish", cycle=cast.cycle, because="ready")
    assert Cycle.objects.get().state == cast.cycle.state == "published"
    last = Event.objects.last()
    changes = {"state": ["preparing", "published"]}
    facts = {"old": "preparing", "new": "published", "because": "ready", "changes": changes}
    assert (last.verb, last.subject, last.data) == ("cycle.published", f"fellowships.cycle:{cast.cycle.ref}", facts)


def test_a_move_that_does_not_start_there_is_refused_whatever_the_object_in_hand_says(cast):
    stale = Cycle.objects.get()
    move(name="publish", cycle=cast.cycle)
    assert CYCLE.can("publish", stale)
    with pytest.raises(WrongState, match="published is not one of"):
        move(name="publish", cycle=stale)
    with pytest.raises(KeyError):
        move(name="vanish", cycle=cast.cycle)
    assert Event.objects.filter(verb="cycle.published").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_the_same_move_at_once_one_is_refused(cast):
    def writer(cycle: Cycle):
        return lambda: move(name="publish", cycle=cycle)

    errors = at_once(*[writer(Cycle.objects.get()) for _ in range(4)])
    assert [type(error) for error in errors] == [WrongState] * 3
    assert Event.objects.filter(verb="cycle.published").count() == 1


@pytest.mark.parametrize("name", TABLES)
def test_a_table_knows_its_states_and_every_state_can_be_reached(name):
    machine, states, first = TABLES[name]
    known, reached = set(states), {first}
    for _ in known:
        reached |= {move.target for move in machine.moves.values() if move.source & reached}
    starts = {"duty": {DutyState.OPEN}, "placement": {PlacementState.PLANNED}}.get(name, set())
    assert reached | starts == known
    assert isinstance(machine, Machine)
    assert {state for move in machine.moves.values() for state in {*move.source, move.target}} <= known


@pytest.mark.postgres
@pytest.mark.parametrize("label", ["agreement", "cycle", "placement", "fellow"])
def test_the_database_knows_the_states_too(cast, agreement, label):
    row = {"agreement": agreement, "cycle": cast.cycle, "placement": cast.placement, "fellow": cast.fellow}[label]
    with pytest.raises(IntegrityError, match=rf"{label}_state_known|fellow_left_when_withdrawn"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(state="sleeping")
