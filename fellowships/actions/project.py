"""The import of projects: a programme's list of what was or is to be done, with the organisations whose they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import access, public
from core.access import Actor
from core.action import action
from core.imports import Record, Tally
from core.landing import DryRun, Landing
from fellowships import rules
from fellowships.models import Project
from partnerships.actions import land_organisations
from partnerships.models import Organisation, Programme

FACTS = ("title", "status", "status_as_written", "summary", "link", "about")


@action
def import_projects(
    *,
    programme: Programme,
    source: str,
    records: Mapping[str, Sequence[Record]],
    tallies: Mapping[str, Tally],
    by: Actor,
    dry_run: bool = False,
) -> list[Tally]:
    """Land what a list says of a programme's projects. Run again with the same files it changes nothing.

    Raises DryRun with the tallies when it was only to be tried.
    """
    access.require(rules.open_cycle, by, programme)
    organisations = land_organisations(source=source, records=records["organisations"], tally=tallies["organisations"], by=by)
    land_projects(
        programme=programme,
        source=source,
        records=records["projects"],
        organisations=organisations,
        tally=tallies["projects"],
        by=by,
    )
    public.touch()
    if dry_run:
        raise DryRun(list(tallies.values()))
    return list(tallies.values())


@action
def land_projects(
    *,
    programme: Programme,
    source: str,
    records: Sequence[Record],
    organisations: Landing[Organisation],
    tally: Tally,
    by: Actor,
) -> Landing[Project]:
    """Place and write projects. Their keys are kept apart from those of other programmes."""
    access.require(rules.open_cycle, by, programme)
    landing = Landing(source, Project, tally, verb="project.imported", by=by, twin=lambda facts: None, space=programme.ref)
    for record in records:
        facts: dict[str, Any] = {name: record.values[name] for name in FACTS if name in record.values}
        if "challenge" in record.values:
            facts["problem"] = record.values["challenge"]
        if "organisation" in record.values:
            facts["organisation"] = organisations[str(record.values["organisation"])]
        landing.place(record.key, facts | {"programme": programme})
    landing.settle()
    return landing
