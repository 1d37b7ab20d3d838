"""Two imports at the same moment: what both bring is there once, and who comes second is shown what is left to do."""

import pytest

from core import actions, audit, importing
from core.imports.targets import target_of
from core.jobs import run_jobs
from core.models import Event, Import
from partnerships.models import Organisation
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

REGISTER = b"Name,Website,Kind\n" + b"".join(b"Org %d,https://o%d.example,agency\n" % (n, n) for n in range(40))


def checked(cast, name: str, content: bytes) -> Import:
    """One that waits for the decision."""
    target = target_of(name)
    space = next(iter(target.spaces(cast.cora))).key
    imported = importing.begin(target, space, [importing.Brought("list.csv", content)], cast.cora)
    actions.set_mapping(imported=imported, mapping=imported.mapping, origin="edited", shown=imported.turn, by=cast.cora)
    actions.ask_check(imported=imported, by=cast.cora)
    run_jobs()
    imported.refresh_from_db()
    assert imported.state == "checked", imported.problem
    return imported


def applying(cast, *checked: Import) -> list[BaseException]:
    """Decided on, and then taken up by one worker each; what went wrong."""
    for each in checked:
        actions.ask_apply(imported=each, shown=each.turn, by=cast.cora)
    return at_once(*[lambda each=each: importing.apply_import(each.ref, str(each.turn)) for each in checked])


def test_of_two_imports_of_one_file_at_once_the_second_is_shown_that_nothing_is_new(cast):
    before = Organisation.objects.count()
    both = [checked(cast, "organisations", REGISTER) for _ in range(2)]
    assert applying(cast, *both) == []
    for each in both:
        each.refresh_from_db()
    assert Organisation.objects.count() == before + 40
    done, overtaken = sorted(both, key=lambda each: str(each.state))
    assert (done.state, done.problem) == ("applied", "")
    assert (overtaken.state, overtaken.result["tallies"]) == ("checked", [["organisations", 0, 0, 40, 0]])
    assert overtaken.problem.startswith("The records have changed since the check, so nothing was imported.")
    assert audit.verify() is None


def test_one_import_applied_by_three_workers_is_applied_once(cast):
    imported = checked(cast, "organisations", REGISTER)
    actions.ask_apply(imported=imported, shown=imported.turn, by=cast.cora)
    assert at_once(*[lambda: importing.apply_import(imported.ref, str(imported.turn))] * 3) == []
    assert Organisation.objects.filter(name__startswith="Org ").count() == 40
    assert Event.objects.filter(verb="import.applied").count() == 1
