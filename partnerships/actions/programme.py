"""Every write about programmes and the roles in them."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from accounts.models import Person
from accounts.roles import PROGRAMME_ROLES
from accounts.rules import run_house
from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from partnerships import rules
from partnerships.models import Organisation, Programme, ProgrammeRole


@action
def open_programme(
    *, name: str, by: Actor, organisation: Organisation | None = None, coordinator: Person | None = None
) -> Programme:
    """A programme of its own, with whom it is run by."""
    access.require(run_house, by)
    programme = Programme.objects.create(name=name, organisation=organisation)
    audit.record("programme.opened", programme, by=by)
    if coordinator:
        give_programme_role(programme=programme, person=coordinator, role="coordinator", by=by)
    return programme


@action
def edit_programme(
    *,
    programme: Programme,
    organisation: Organisation | None,
    calendar: str,
    time_zone: str,
    local_holidays: Mapping[str, str] | None = None,
    by: Actor,
) -> None:
    """Who signs for it, and which days and hours its time limits follow."""
    access.require(rules.edit_programme, by, programme)
    lock(programme)
    facts = {"organisation": organisation, "calendar": calendar, "time_zone": time_zone}
    store(programme, facts if local_holidays is None else facts | {"local_holidays": dict(local_holidays)})
    audit.record(
        "programme.edited", programme, by=by, calendar=calendar, zone=time_zone, organisation=organisation and organisation.ref
    )
    public.touch()


@action
def give_programme_role(
    *, programme: Programme, person: Person, role: str, by: Actor, since: date | None = None
) -> ProgrammeRole:
    """A role in a programme, from today unless said. Given twice, it is held once."""
    access.require(run_house, by)
    row, new = ProgrammeRole.objects.get_or_create(
        person=person, programme=programme, role=role, until=None, defaults={"since": since or timezone.localdate()}
    )
    if new:
        label = str(PROGRAMME_ROLES[role].label)
        audit.record("programme.role_given", programme, by=by, person=person.ref, name=person.name, role=label)
    return row


@action
def end_programme_role(*, role: ProgrammeRole, by: Actor) -> None:
    """Access ends at the next request."""
    access.require(run_house, by)
    role.until = timezone.localdate()
    role.save(update_fields=["until"])
    audit.record(
        "programme.role_ended", role.programme, by=by, person=role.person.ref, name=role.person.name, role=role.role_label
    )
