"""Every write about fellows in a cycle and their placements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Person, User
from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from fellowships import notices, rules
from fellowships.actions.cycle import add_project
from fellowships.actions.handover import date_handover, make_handover
from fellowships.models import Cycle, Fellow, Handover, Host, Placement, Project
from fellowships.states import FELLOW, OVER, PLACEMENT, ProjectStatus


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
    """Somebody takes part, by name; with an address they are invited, or told where they have a sign-in.

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
    if user and not accounts.invite(person=person, purpose=notices.to_cycle(cycle), by=by):
        notices.fellow_invited(fellow, user)
    return fellow


@action
def edit_fellow(*, fellow: Fellow, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """Name, skills, home. The names of what changed. PermissionDenied: the name is not this programme's to change."""
    lock(fellow)
    access.require(rules.edit_fellow, by, fellow)
    changed = store(fellow, {name: facts[name] for name in ("skills", "home") if name in facts})
    labels = [audit.labels(fellow, changed)] if changed else []
    name = facts.get("name", fellow.person.name)
    if name != fellow.person.name:
        access.require(rules.rename_fellow, by, fellow)
        changed["name"] = [fellow.person.name, name]
        labels.insert(0, audit.labels(fellow.person, ["name"]))
        accounts.rename_person(person=fellow.person, name=name, by=by)
    if changed:
        audit.record("fellow.edited", fellow, by=by, fields=", ".join(labels), changes=changed)
        public.touch()
    return list(changed)


@action
def open_fellow_sign_in(*, fellow: Fellow, email: str, by: Actor) -> User:
    """Who was added or imported without an address is invited to this one.

    Raises ValidationError for an address that somebody signs in with.
    """
    lock(fellow, fellow.person)
    access.require(rules.invite_fellow, by, fellow)
    taken = rules.why_not_by(fellow, email)
    if taken:
        raise ValidationError({"email": taken})
    user = accounts.open_sign_in(person=fellow.person, email=email, by=by)
    audit.record("fellow.invited", fellow, by=by)
    accounts.invite(person=fellow.person, purpose=notices.to_cycle(fellow.cycle), by=by)
    return user


@dataclass(frozen=True)
class Outcome:
    """What became of one of a cohort: invited, or why not."""

    fellow: Fellow
    invited: bool
    why: str = ""


@action
def invite_cohort(*, cycle: Cycle, addresses: Mapping[str, str], by: Actor) -> list[Outcome]:
    """Those of the cohort who have never come in, at once; each as open_fellow_sign_in() or accounts.invite() does.

    addresses: {reference of a fellow: the address that was shown, or typed where none is on record}. Who was invited, came in or
    left since it was shown is passed over, with the reason: two clicks, or two coordinators, invite nobody twice.
    """
    lock(cycle)
    access.require(rules.invite_cohort, by, cycle)
    chosen = Fellow.objects.filter(cycle=cycle, ref__in=addresses.keys()).select_related("person")
    lock(*(fellow.person for fellow in chosen))
    done = []
    for guest in rules.look_at_cohort(cycle):
        fellow, email = guest.fellow, addresses.get(guest.fellow.ref)
        if email is None:
            continue
        why = rules.why_not_invited(by, guest, email)
        if not why:
            if guest.asks:
                accounts.open_sign_in(person=fellow.person, email=email, by=by)
            audit.record("fellow.invited", fellow, by=by)
            accounts.invite(person=fellow.person, purpose=notices.to_cycle(cycle), by=by)
        done.append(Outcome(fellow, not why, why))
    return done


@action
def withdraw_fellow(*, fellow: Fellow, left_on: date, reason: str, by: Actor) -> None:
    """Somebody leaves. The place, the person and what they did stay on record; their placements end that day.

    An invitation to this cycle ends with their part in it.
    """
    lock(fellow.person, fellow)
    access.require(rules.withdraw_fellow, by, fellow)
    FELLOW.apply("withdraw", fellow, by=by, note={"left_on": left_on, "reason": reason}, left_on=left_on, reason=reason)
    for placement in Placement.objects.filter(fellow=fellow).exclude(state__in=OVER):
        withdraw_placement(placement=placement, ended_on=left_on, reason=reason, by=by)
    accounts.release_invitation(person=fellow.person, place=audit.subject_of(fellow.cycle), role="fellow", by=by)
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
        new: dict[str, Any] = {"status": ProjectStatus.PROPOSED, "problem": problem}
        project = Project.objects.filter(**facts).first() or add_project(**facts, **new, by=by)
    return add_placement(fellow=fellow, host=host, project=project, starts=starts, ends=ends, by=by)


@action
def edit_placement(*, placement: Placement, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """Project, first and last day. The names of the fields that changed.

    Raises ValidationError when the fellow is placed there for this project already, and PermissionDenied when an active
    placement would leave the days that its agreement covers; the trigger would.
    """
    lock(placement)
    project, starts, ends = (facts.get(name, getattr(placement, name)) for name in ("project", "starts", "ends"))
    access.require(rules.edit_placement, by, placement, project)
    cycle = placement.host.cycle
    outside = rules.why_outside(placement, starts or cycle.starts, ends or cycle.ends)
    if outside:
        raise PermissionDenied(outside)
    others = Placement.objects.filter(fellow=placement.fellow, host=placement.host, project=project).exclude(pk=placement.pk)
    if others.standing().exists():
        words = {"name": placement.fellow, "host": placement.host}
        raise ValidationError({"project": _("%(name)s is placed at %(host)s for this project already.") % words})
    changed = store(placement, {"project": project, "starts": starts, "ends": ends})
    if changed:
        audit.record("placement.edited", placement, by=by, fields=audit.labels(placement, changed), changes=changed)
        date_handover(placement=placement, by=by)
        public.touch()
    return list(changed)


@action
def plan_placement(*, placement: Placement, by: Actor, starts: date | None = None, ends: date | None = None) -> None:
    """What a list recorded is to happen here: with days, its own or the cycle's."""
    lock(placement)
    access.require(rules.plan_placement, by, placement)
    starts, ends = starts or placement.first_day, ends or placement.last_day
    PLACEMENT.apply("plan", placement, by=by, note={"starts": starts, "ends": ends}, starts=starts, ends=ends)
    date_handover(placement=placement, by=by)
    public.touch()


@action
def start_placement(*, placement: Placement, by: Actor) -> None:
    """The work begins: only under an agreement in force that covers every day of it. With it begins its handover."""
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
    if not Handover.objects.filter(placement=placement).exists():
        make_handover(placement=placement, by=by)
    public.touch()


@action
def complete_placement(*, placement: Placement, by: Actor) -> None:
    """Its days are over and the work is handed over: each required section is accepted, or waived with a reason."""
    lock(placement)  # whoever writes, accepts or waives a section locks it too
    access.require(rules.complete_placement, by, placement)
    counted: Any = Handover.objects.with_standing().get(placement=placement)
    note = {"met": counted.met, "musts": counted.musts, "ended_on": placement.last_day}
    PLACEMENT.apply("complete", placement, by=by, note=note, ended_on=placement.last_day)
    public.touch()


@action
def withdraw_placement(*, placement: Placement, ended_on: date, reason: str, by: Actor) -> None:
    """It ends, or never begins. It stays on record."""
    lock(placement)
    access.require(rules.withdraw_placement, by, placement)
    PLACEMENT.apply("withdraw", placement, by=by, note={"reason": reason}, ended_on=ended_on, reason=reason)
    public.touch()
