"""Every write about programmes and the roles in them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Person, User
from accounts.roles import PROGRAMME_ROLES
from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from partnerships import notices, rules
from partnerships.models import Organisation, Programme, ProgrammeRole


@action
def open_programme(
    *, name: str, by: Actor, organisation: Organisation | None = None, coordinator: Person | None = None
) -> Programme:
    """A programme of its own, with whom it is run by. Raises ValidationError when there is one of this name."""
    access.require(rules.open_programme, by)
    if isinstance(by, User) and by.person:
        lock(by.person)  # who clicks twice waits for their first click
    _free(name)
    programme = Programme.objects.create(name=name, organisation=organisation)
    audit.record("programme.opened", programme, by=by)
    if coordinator:
        give_programme_role(programme=programme, person=coordinator, role="coordinator", by=by)
    return programme


def _free(name: str, programme: Programme | None = None) -> None:
    others = Programme.objects.filter(name__iexact=name)
    if (others.exclude(pk=programme.pk) if programme else others).exists():
        raise ValidationError({"name": _("There is a programme of this name already.")})


@action
def edit_programme(
    *,
    programme: Programme,
    organisation: Organisation | None,
    calendar: str,
    time_zone: str,
    local_holidays: Mapping[str, str] | None = None,
    name: str = "",
    by: Actor,
) -> list[str]:
    """Its name, who signs for it, and which days and hours its time limits follow; the names of the fields that differ.

    Nothing different, nothing recorded. Raises ValidationError when another programme has the name.
    """
    lock(programme)
    access.require(rules.edit_programme, by, programme)
    if name:
        _free(name, programme)
    facts: dict[str, Any] = {"name": name or programme.name}
    facts |= {"organisation": organisation, "calendar": calendar, "time_zone": time_zone}
    if local_holidays is not None:
        facts["local_holidays"] = dict(local_holidays)
    changed = store(programme, facts)
    if changed:
        audit.record("programme.edited", programme, by=by, fields=audit.labels(programme, changed), changes=changed)
        public.touch()
    return list(changed)


@action
def give_programme_role(
    *, programme: Programme, person: Person, role: str, by: Actor, since: date | None = None, until: date | None = None
) -> ProgrammeRole:
    """A role in a programme, from today unless said. Given twice, it is held once."""
    access.require(rules.give_programme_role, by, programme, person)
    lock(programme, person)
    row = ProgrammeRole(person=person, programme=programme, role=role, since=since or timezone.localdate(), until=until)
    held: ProgrammeRole | None = row.alike().overlapping(row.since, until).first()
    if held:
        return held
    row.save()
    label = str(PROGRAMME_ROLES[role].label)
    audit.record("programme.role_given", programme, by=by, person=person.ref, name=person.name, role=label)
    return row


@action
def invite_to_programme(
    *,
    programme: Programme,
    name: str,
    email: str,
    role: str,
    by: Actor,
    since: date | None = None,
    until: date | None = None,
) -> ProgrammeRole:
    """Give somebody a role by name and address; who has no sign-in yet gets one, and a mail that says how to come in.

    An address that is known belongs to the person it belongs to. Raises ValidationError when they hold the role already.
    Who runs the programme is told as well: nobody comes to see everything in it without their knowing.
    """
    access.require(rules.give_programme_role, by, programme)
    user, person = accounts.known_or_new(name=name, email=email, by=by)
    lock(programme, person)
    first = since or timezone.localdate()
    held = ProgrammeRole(person=person, programme=programme, role=role).alike()
    if held.overlapping(first, until).exists():
        raise ValidationError(_("%(name)s holds this role already.") % {"name": person})
    row = give_programme_role(programme=programme, person=person, role=role, since=first, until=until, by=by)
    if not accounts.invite(person=person, purpose=notices.to_programme(programme, role), by=by):
        notices.programme_invited(row, user)
    notices.programme_role_given(row, by)
    return row


@action
def end_programme_role(*, role: ProgrammeRole, by: Actor) -> None:
    """Access ends at the next request, as does an invitation to it; the row stays as history. Who still runs it is told."""
    access.require(rules.end_programme_role, by, role)
    lock(role.person, role)
    if not role.ended:
        changed = store(role, {"until": max(timezone.localdate(), role.since)})
        who = {"person": role.person.ref, "name": role.person.name}
        audit.record("programme.role_ended", role.programme, by=by, **who, role=role.role_label, changes=changed)
        _release(role, by)
        notices.programme_role_ended(role, by)


def _release(role: ProgrammeRole, by: Actor) -> None:
    accounts.release_invitation(person=role.person, place=audit.subject_of(role.programme), role=role.role, by=by)


@action
def date_programme_role(*, role: ProgrammeRole, since: date, until: date | None, by: Actor) -> bool:
    """Correct from when until when it counts; whether anything differed. ValidationError as accounts.correct_days() says."""
    access.require(rules.date_programme_role, by, role)
    lock(role.programme, role.person, role)
    changed = accounts.correct_days(role=role, since=since, until=until, by=by)
    if changed:
        audit.record(
            "programme.role_dated",
            role.programme,
            by=by,
            person=role.person.ref,
            name=role.person.name,
            role=role.role_label,
            days=role.days,
            changes=changed,
        )
    if changed and role.ended:
        _release(role, by)
    return bool(changed)
