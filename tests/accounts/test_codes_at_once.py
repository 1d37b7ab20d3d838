"""The same code, typed by two at the same moment, lets one in."""

import pytest
from django.core.exceptions import ValidationError

from accounts import actions, codes
from accounts.models import User
from core.audit import history
from tests.accounts.steps import with_app
from tests.conftest import sign_in_for
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def use(user: User, code: str) -> list[BaseException]:
    """By six browsers; what went wrong for which."""
    return at_once(*[lambda: actions.use_code(user=user, code=code, by=user)] * 6)


def test_a_recovery_code_counts_once(db):
    nora = sign_in_for("nora")
    with_app(nora)
    code = codes.kept_codes(nora)[0]
    errors = use(nora, code)
    assert [type(error) for error in errors] == [ValidationError] * 5
    assert len(codes.kept_codes(nora)) == 9
    assert [line.text for line in history(nora.person)].count("Nora used a recovery code; 9 are left.") == 1


def test_so_does_a_code_of_the_app(db):
    nora = sign_in_for("nora")
    app = with_app(nora)
    assert [type(error) for error in use(nora, app.code())] == [ValidationError] * 5


def test_two_codes_at_once_both_count(db):
    """Nobody loses one because somebody else was quicker."""
    nora = sign_in_for("nora")
    with_app(nora)
    kept = codes.kept_codes(nora)
    assert at_once(*(lambda code=code: actions.use_code(user=nora, code=code, by=nora) for code in kept[:4])) == []
    assert codes.kept_codes(nora) == kept[4:]


def test_an_answer_of_a_passkey_counts_once(db):
    """One that counts its uses: of two answers with the same count one is a copy."""
    from tests.accounts.test_passkey_attacks import Device, set_up

    nora = sign_in_for("nora")
    set_up(nora, Device())
    (step,) = codes.steps_of(nora)
    errors = at_once(*[lambda: actions.use_passkey(user=nora, step=step, count=2, by=nora)] * 4)
    assert [type(error) for error in errors] == [ValidationError] * 3
