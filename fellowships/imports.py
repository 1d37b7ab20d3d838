"""What of a programme can be imported at the desk: its past cohorts, and its projects."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Actor, visible
from core.imports import Result, Tally
from core.imports.targets import Space, Target
from core.imports.translating import Known
from fellowships import actions, kinds
from partnerships.models import Programme, register_as_known

Import = Callable[..., list[Tally]]


def _programmes(user: Any) -> Iterator[Space]:
    """Those that this person coordinates today."""
    for ref, name in visible(Programme, user, "fellowships.edit_cycle").values_list("ref", "name"):
        yield Space(ref, name, f"{reverse('fellowships:cycle_list')}?programme={ref}")


def _into(land: Import) -> Import:
    """The action, for the programme of that reference. Raises PermissionDenied for one that is not theirs."""

    def into(*, result: Result, source: str, space: str, by: Actor, dry_run: bool) -> list[Tally]:
        programme = visible(Programme, by, "fellowships.edit_cycle").filter(ref=space).first()
        if programme is None:
            raise PermissionDenied(_("You do not coordinate this programme."))
        return land(programme=programme, source=source, records=result.records, tallies=result.tallies(), by=by, dry_run=dry_run)

    return into


def register_of(source: str, _space: str = "") -> Known:
    """The organisations that rows may name though no file has them: all of the register."""
    return {"organisations": register_as_known(source)}


COHORT = Target(
    "cohort",
    gettext_lazy("A cohort"),
    gettext_lazy("Cycles, hosts, projects, fellows and who was placed where, in one file or in several."),
    kinds.COHORT,
    kinds.MAPPINGS,
    _programmes,
    _into(actions.import_cohort),
    register_of,
)
PROJECTS = Target(
    "projects",
    gettext_lazy("Projects"),
    gettext_lazy("One row is one project. Organisations may come in a file of their own, or stand in the register."),
    kinds.PROJECTS,
    kinds.MAPPINGS,
    _programmes,
    _into(actions.import_projects),
    register_of,
)
