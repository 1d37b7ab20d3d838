"""Two clicks at the same instant, each a request of its own, do what one does; on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from fellowships import actions
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from mou.models import Agreement
from partnerships import actions as partnerships
from partnerships.models import Organisation, Programme
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CLICKS = 3


def clicks(act: Callable[..., object], **rows: Any) -> list[type[BaseException]]:
    """Click so often at once, each with rows that it fetched itself; what the refused ones got."""
    keys = {name: (type(row), row.pk) if hasattr(row, "pk") else (None, row) for name, row in rows.items()}

    def click() -> object:
        return act(**{name: model.objects.get(pk=value) if model else value for name, (model, value) in keys.items()})

    return [type(error) for error in at_once(*[click] * CLICKS)]


def test_an_organisation_is_added_once(cast):
    add = {"name": "Harbour Board", "namesake": False}
    assert clicks(partnerships.add_organisation, by=cast.cora, **add) == [ValidationError] * (CLICKS - 1)
    assert Organisation.objects.filter(name="Harbour Board").count() == 1


def test_a_cycle_is_opened_once(cast):
    assert clicks(actions.open_cycle, programme=cast.programme, name="Next", by=cast.cora) == [ValidationError] * (CLICKS - 1)
    assert Cycle.objects.filter(name="Next").count() == 1


def test_a_host_is_added_once_and_nobody_is_refused(cast):
    assert clicks(actions.add_host, cycle=cast.cycle, organisation=cast.elsewhere, by=cast.cora) == []
    assert Host.objects.filter(organisation=cast.elsewhere).count() == 1


def test_somebody_joins_once_with_one_sign_in(cast):
    facts = {"cycle": cast.cycle, "name": "Ada Lind", "by": cast.cora}
    assert clicks(actions.invite_fellow, email="ada@example.org", **facts) == [ValidationError] * (CLICKS - 1)
    assert clicks(actions.invite_fellow, **facts) == [ValidationError] * CLICKS
    assert Fellow.objects.filter(person__name="Ada Lind").count() == 1
    assert User.objects.filter(email="ada@example.org").count() == 1


def test_somebody_new_gets_a_role_once_with_one_sign_in(cast, ada):
    new = {"name": "Ivy Lund", "email": "ivy@example.org"}
    member = {"organisation": cast.agency, "role": "reviewer", "by": cast.cora}
    assert clicks(partnerships.invite_member, **new, **member) == [ValidationError] * (CLICKS - 1)
    new["email"] = "ivy@elsewhere.example"
    in_programme = {"programme": cast.programme, "role": "auditor", "by": ada}
    assert clicks(partnerships.invite_to_programme, **new, **in_programme) == [ValidationError] * (CLICKS - 1)
    assert User.objects.filter(email__startswith="ivy@").count() == 2


def test_somebody_is_placed_once_and_their_new_project_is_written_once(cast):
    ada = actions.invite_fellow(cycle=cast.cycle, name="Ada Lind", by=cast.cora)
    facts = {"fellow": ada, "host": cast.host, "title": "Ferry times", "by": cast.cora}
    assert clicks(actions.place_fellow, **facts) == [ValidationError] * (CLICKS - 1)
    assert (Placement.objects.filter(fellow=ada).count(), Project.objects.filter(title="Ferry times").count()) == (1, 1)


def test_somebody_leaves_once_and_is_followed_once(cast):
    facts = {"fellow": cast.fellow, "by": cast.cora}
    left = {"left_on": cast.today, "reason": "Another job."}
    assert clicks(actions.withdraw_fellow, **facts, **left) == [PermissionDenied] * (CLICKS - 1)
    follow = {"cycle": cast.cycle, "name": "Noor", "replaces": cast.fellow, "namesake": True, "by": cast.cora}
    assert clicks(actions.invite_fellow, **follow) == [PermissionDenied] * (CLICKS - 1)
    assert Fellow.objects.filter(replaces=cast.fellow).count() == 1


def test_an_agreement_is_drafted_once(cast):
    assert clicks(actions.draft_host_agreement, host=cast.host, by=cast.cora) == [PermissionDenied] * (CLICKS - 1)
    assert Agreement.objects.filter(programme=Programme.objects.get()).count() == 1


def test_a_placement_starts_once(cast, agreement_in_force):
    refused = clicks(actions.start_placement, placement=cast.placement, by=cast.cora)
    assert refused == [PermissionDenied] * (CLICKS - 1)
    cast.placement.refresh_from_db()
    assert cast.placement.state == "active"


def test_a_sign_in_is_given_once(cast):
    ada = actions.invite_fellow(cycle=cast.cycle, name="Ada Lind", by=cast.cora)
    facts = {"fellow": ada, "email": "ada@example.org", "by": cast.cora}
    assert clicks(actions.open_fellow_sign_in, **facts) == [PermissionDenied] * (CLICKS - 1)
    assert User.objects.filter(person=ada.person).count() == 1


def test_a_project_is_added_once(cast):
    facts = {"programme": cast.programme, "organisation": cast.agency, "title": "Ferry times", "namesake": False}
    assert clicks(actions.add_project, **facts, by=cast.cora) == [ValidationError] * (CLICKS - 1)
    assert Project.objects.filter(title="Ferry times").count() == 1
