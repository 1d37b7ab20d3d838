"""Every write about fellows in a cycle and their placements."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Person, User
from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from fellowships import notices, rules
from fellowships.actions.cycle import add_project
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from fellowships.states import FELLOW, PLACEMENT


@action
def add_fellow(*, cycle: Cycle, person: Person, by: Actor, **facts: Any) -> Fellow:
    """Somebody takes part in a cycle. facts: skills, home."""
    access.require(rules.edit_cycle, by, cycle)
    fellow = Fellow.objects.create(cycle=cycle, person=person, **facts)
    audit.record("fellow.joined", cycle, by=by, fellow=fellow.ref, name=person.name)
    public.touch()
    return fellow


@action
def invite_fellow(
    *,
    cycle: Cycle,
    name: str,
    by: Actor,
    email: str = "",
    replaces: Fellow | None = None,
    namesake: bool = False,
    **facts: Any,
) -> Fellow:
    """Somebody takes part, by name; with an address they get a sign-in and a mail that says how to come in.

    An address that is known belongs to the person it belongs to, under the name on record. Raises ValidationError when
    that person takes part already, and without `namesake` when somebody of this name does: a second click adds nobody.
    facts: skills, home; not with `replaces`.
    """
    lock(cycle)
    access.require(rules.edit_cycle, by, cycle)
    user = User.objects.filter(email__iexact=email).select_related("person").first() if email else None
    person = user.person if user else None
    if user is not None and person is None:
        raise ValidationError({"email": _("That address belongs to a superuser of this site, who takes no part in the work.")})
    there = Fellow.objects.filter(cycle=cycle)
    if person is not None and there.filter(person=person).exists():
        raise ValidationError({"email": _("%(name)s is in this cycle already.") % {"name": person}})
    if person is None and not namesake and there.filter(person__name__iexact=name).exists():
        raise ValidationError(_("%(name)s is in this cycle already.") % {"name": name}, code="namesake")
    person = person or accounts.add_person(name=name, by=by)
    if email and user is None:
        user = accounts.open_sign_in(person=person, email=email, by=by)
    if replaces is None:
        fellow = add_fellow(cycle=cycle, person=person, by=by, **facts)
    else:
        fellow = replace_fellow(fellow=replaces, person=person, by=by)
    if user:
        notices.fellow_invited(fellow, user)
    return fellow


@action
def withdraw_fellow(*, fellow: Fellow, left_on: date, reason: str, by: Actor) -> None:
    """Somebody leaves. The place, the person and what they did stay on record; their placements end that day."""
    lock(fellow)
    access.require(rules.withdraw_fellow, by, fellow)
    FELLOW.apply("withdraw", fellow, by=by, note={"left_on": left_on, "reason": reason}, left_on=left_on, reason=reason)
    for placement in Placement.objects.filter(fellow=fellow).standing():
        withdraw_placement(placement=placement, ended_on=left_on, reason=reason, by=by)
    public.touch()


@action
def replace_fellow(*, fellow: Fellow, person: Person, by: Actor) -> Fellow:
    """Somebody follows who left. Nothing of the first is rewritten: 24 places, 25 people, one left."""
    lock(fellow)
    access.require(rules.replace_fellow, by, fellow)
    follower = Fellow.objects.create(cycle=fellow.cycle, person=person, replaces=fellow)
    names = {"name": person.name, "left": fellow.person.name}
    audit.record("fellow.replaced", fellow.cycle, by=by, fellow=follower.ref, replaces=fellow.ref, **names)
    public.touch()
    return follower


@action
def add_placement(
    *, fellow: Fellow, host: Host, by: Actor, project: Project | None = None, starts: date | None = None, ends: date | None = None
) -> Placement:
    """A fellow is to work at a host. Without days of its own it has the cycle's.

    Raises ValidationError when the fellow is placed there already, for the same project.
    """
    lock(fellow)
    access.require(rules.add_placement, by, fellow, host, project)
    if Placement.objects.filter(fellow=fellow, host=host, project=project).standing().exists():
        raise ValidationError(_("%(name)s is placed at %(host)s for this project already.") % {"name": fellow, "host": host})
    placement = Placement.objects.create(fellow=fellow, host=host, project=project, starts=starts, ends=ends)
    names = {"name": fellow.person.name, "host": host.organisation.name}
    audit.record("placement.added", placement, by=by, fellow=fellow.ref, organisation=host.organisation.ref, **names)
    public.touch()
    return placement


@action
def place_fellow(
    *,
    fellow: Fellow,
    host: Host,
    by: Actor,
    project: Project | None = None,
    title: str = "",
    problem: str = "",
    starts: date | None = None,
    ends: date | None = None,
) -> Placement:
    """Place somebody for a project of the programme, or for a new one of this title that the host offers.

    Where the host offers one of that title, it is that one: a second click adds no project.
    """
    lock(fellow)
    access.require(rules.add_placement, by, fellow, host, project)
    if title and project is None:
        facts: dict[str, Any] = {"programme": fellow.cycle.programme, "organisation": host.organisation, "title": title}
        project = Project.objects.filter(**facts).first() or add_project(**facts, problem=problem, by=by)
    return add_placement(fellow=fellow, host=host, project=project, starts=starts, ends=ends, by=by)


@action
def edit_placement(*, placement: Placement, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """Project, first and last day. An active placement cannot be moved out of what its agreement covers: the trigger."""
    lock(placement)
    access.require(rules.edit_placement, by, placement)
    changed = store(placement, {name: facts[name] for name in ("project", "starts", "ends") if name in facts})
    if changed:
        words = {name: [str(before), str(after)] for name, (before, after) in changed.items()}
        audit.record("placement.edited", placement, by=by, fields=audit.labels(placement, changed), changes=words)
        public.touch()
    return list(changed)


@action
def plan_placement(*, placement: Placement, by: Actor, starts: date | None = None, ends: date | None = None) -> None:
    """What a list recorded is to happen here: with days, its own or the cycle's."""
    lock(placement)
    access.require(rules.plan_placement, by, placement)
    starts, ends = starts or placement.first_day, ends or placement.last_day
    PLACEMENT.apply("plan", placement, by=by, note={"starts": starts, "ends": ends}, starts=starts, ends=ends)


@action
def start_placement(*, placement: Placement, by: Actor) -> None:
    """The work begins: only under an agreement in force that covers every day of it."""
    lock(placement)
    access.require(rules.start_placement, by, placement)
    agreement = rules.covering(placement)
    assert agreement is not None  # the rule
    lock(agreement, placement)
    access.require(rules.start_placement, by, placement)
    PLACEMENT.apply(
        "start",
        placement,
        by=by,
        note={"agreement": agreement.ref},
        agreement=agreement,
        starts=placement.first_day,
        ends=placement.last_day,
    )
    public.touch()


@action
def withdraw_placement(*, placement: Placement, ended_on: date, reason: str, by: Actor) -> None:
    """It ends, or never begins. It stays on record."""
    lock(placement)
    access.require(rules.withdraw_placement, by, placement)
    PLACEMENT.apply("withdraw", placement, by=by, note={"reason": reason}, ended_on=ended_on, reason=reason)
    public.touch()
