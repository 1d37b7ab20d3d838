"""The tests of the house are tested: a planted fault is caught. All of them: python tests/faults.py"""

import pytest

from tests import faults

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with faults.copy() as made:
        yield made


def test_the_linter_sees_every_import_that_points_up_and_every_stray_module(place):
    assert [wrong.what for wrong in faults.unsaid(place, faults.LINT)] == []


@pytest.mark.parametrize("fault", [fault for fault in faults.SQLITE if fault.quick], ids=lambda fault: fault.what)
def test_a_planted_fault_is_caught(place, fault):
    assert faults.caught_by(place, fault) != ""


def test_every_fault_still_has_something_to_plant(place):
    """A fault whose pattern is found nowhere proves nothing: the code has moved on and it has to follow."""
    assert [fault.what for fault in [*faults.SQLITE, *faults.POSTGRES] if not faults.fits(place, fault)] == []
