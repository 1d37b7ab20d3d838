"""The import of a cohort: cycles, hosts, projects, fellows and placements of a programme, in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Person
from core import access, audit, public
from core.access import Actor
from core.action import action
from core.imports import Record, Tally
from core.landing import DryRun, Landing, one_import_at_a_time
from fellowships import rules
from fellowships.actions.project import land_projects
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from fellowships.states import PlacementState
from partnerships.actions import land_organisations
from partnerships.models import Organisation, Programme

Records = Mapping[str, Sequence[Record]]


@action
def import_cohort(
    *,
    programme: Programme,
    source: str,
    records: Records,
    tallies: Mapping[str, Tally],
    by: Actor,
    dry_run: bool = False,
) -> list[Tally]:
    """Land what a directory of files says of a programme. Run again with the same files it changes nothing.

    A fellow without a placement is in the cohort, unplaced. A placement comes in as recorded: who was where, and nothing
    of an agreement; what has been planned, started or ended here since is not taken back. Nothing is removed because a
    file no longer has it. Raises DryRun with the tallies when it was only to be tried.
    """
    one_import_at_a_time()
    access.require(rules.open_cycle, by, programme)  # whose space the keys are in: the same sign is somebody else elsewhere
    cycles = _land_cycles(programme, source, records["cycles"], tallies["cycles"], by)
    organisations = land_organisations(source=source, records=records["organisations"], tally=tallies["organisations"], by=by)
    projects = land_projects(
        programme=programme,
        source=source,
        records=records["projects"],
        organisations=organisations,
        tally=tallies["projects"],
        by=by,
    )
    fellows = _land_fellows(programme, source, records["fellows"], cycles, tallies["fellows"], by)
    _land_placements(programme, source, records["placements"], fellows, organisations, projects, tallies["placements"], by)
    public.touch()
    if dry_run:
        raise DryRun(list(tallies.values()))
    return list(tallies.values())


def _facts(record: Record, *names: str) -> dict[str, Any]:
    """The named values that the files have; lists as lists."""
    found = {name: record.values[name] for name in names if name in record.values}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _land_cycles(programme: Programme, source: str, records: Sequence[Record], tally: Tally, by: Actor) -> Landing[Cycle]:
    names = {cycle.name: cycle for cycle in Cycle.objects.filter(programme=programme)}
    landing = Landing(
        source, Cycle, tally, verb="cycle.imported", by=by, twin=lambda facts: names.get(facts["name"]), space=programme.ref
    )
    for record in records:
        landing.place(record.key, _facts(record, "name", "year", "starts", "ends") | {"programme": programme})
    landing.settle()
    return landing


def _land_fellows(
    programme: Programme, source: str, records: Sequence[Record], cycles: Landing[Cycle], tally: Tally, by: Actor
) -> Landing[Fellow]:
    """A fellow of a list that gives no names is a Person under the list's own sign for them."""
    landing = Landing(source, Fellow, tally, verb="fellow.imported", by=by, twin=lambda facts: None, space=programme.ref)
    people = Person.objects.in_bulk([fellow.person_id for fellow in landing.known.values()])
    for record in records:
        known = landing.known.get(record.key)
        name = str(record.values.get("name") or record.key)
        person = people[known.person_id] if known else Person(name=name)
        facts = _facts(record, "skills", "home") | {"cycle": cycles[str(record.values["cycle"])]}
        landing.place(record.key, facts if known else facts | {"person": person})
    Person.objects.bulk_create([fellow.person for fellow in landing.added.values()], batch_size=500)
    for fellow in landing.added.values():
        fellow.person_id = fellow.person.pk
        audit.record("person.added", fellow.person, by=by)
    landing.settle()
    return landing


def _land_placements(
    programme: Programme,
    source: str,
    records: Sequence[Record],
    fellows: Landing[Fellow],
    organisations: Landing[Organisation],
    projects: Landing[Project],
    tally: Tally,
    by: Actor,
) -> None:
    cycles = {fellow.cycle_id for fellow in fellows.known.values()}
    hosts = {(host.cycle_id, host.organisation_id): host for host in Host.objects.filter(cycle__in=cycles)}
    wanted = {}
    for record in records:
        fellow, organisation = fellows[str(record.values["fellow"])], organisations[str(record.values["organisation"])]
        pair = (fellow.cycle_id, organisation.pk)
        if pair not in hosts:
            hosts[pair] = wanted[pair] = Host(cycle=fellow.cycle, organisation=organisation)
    Host.objects.bulk_create(wanted.values(), batch_size=500)
    for host in wanted.values():
        audit.record("host.added", host.cycle, by=by, organisation=host.organisation.ref, name=host.organisation.name)

    landing = Landing(source, Placement, tally, verb="placement.imported", by=by, twin=lambda facts: None, space=programme.ref)
    for record in records:
        fellow, organisation = fellows[str(record.values["fellow"])], organisations[str(record.values["organisation"])]
        facts = _facts(record, "starts", "ends") | {"fellow": fellow, "host": hosts[fellow.cycle_id, organisation.pk]}
        if "project" in record.values:
            facts["project"] = projects[str(record.values["project"])]
        known = landing.known.get(record.key)
        if known is None:
            facts["state"] = PlacementState.RECORDED
        elif known.state != PlacementState.RECORDED:
            facts = {}
        landing.place(record.key, facts)
    landing.settle()
