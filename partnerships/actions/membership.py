"""Every write about the roles that people hold in organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Person, User
from accounts.roles import MEMBER_ROLES
from core import access, audit
from core.access import Actor
from core.action import action, lock, store
from partnerships import notices, rules
from partnerships.kinds import MemberLine
from partnerships.models import Membership, Organisation


@action
def add_member(
    *,
    organisation: Organisation,
    person: Person,
    role: str,
    by: Actor,
    title: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Membership:
    """A role in an organisation, from today unless said. Raises ValidationError when the person holds it already."""
    lock(organisation, person)
    access.require(rules.add_member, by, organisation, person, role)
    first = since or timezone.localdate()
    membership = Membership(organisation=organisation, person=person, role=role, title=title, since=first, until=until)
    if membership.alike().overlapping(first, until).exists():
        raise ValidationError(_("%(name)s holds this role already.") % {"name": person.name})
    membership.save()
    label = str(MEMBER_ROLES[role].label)
    audit.record("organisation.member_added", organisation, by=by, person=person.ref, name=person.name, role=label)
    return membership


@action
def invite_member(
    *,
    organisation: Organisation,
    name: str,
    email: str,
    role: str,
    title: str = "",
    since: date | None = None,
    until: date | None = None,
    by: Actor,
) -> Membership:
    """Give somebody a role by name and address; who has no sign-in yet gets one, and a mail that says how to come in.

    An address that is known belongs to the person it belongs to, under the name on record. Who came in before is told to sign
    in as usual; who never did is invited.
    """
    access.require(rules.add_member, by, organisation)
    user, person = accounts.known_or_new(name=name, email=email, by=by)
    dates = {"since": since, "until": until}
    membership = add_member(organisation=organisation, person=person, role=role, title=title, **dates, by=by)
    if not accounts.invite(person=person, purpose=notices.to_organisation(organisation, role), by=by):
        notices.member_invited(membership, user)
    return membership


@dataclass(frozen=True)
class Joined:
    """What became of one line. `how`: "invited", "told" (they have a sign-in), or "" with the reason why nothing happened."""

    line: MemberLine
    how: str
    why: str = ""


@action
def invite_members(*, organisation: Organisation, lines: Sequence[MemberLine], by: Actor) -> list[Joined]:
    """Several at once, each as invite_member() does. A line for which nothing can be done holds up none of the others.

    Whoever clicks twice, or does it at the same time as somebody else, reads of the second that they hold the role already.
    """
    asked = (User.objects.filter(email__iexact=line.email).select_related("person").first() for line in lines)
    people = [user.person for user in (by, *asked) if isinstance(user, User) and user.person]
    lock(organisation, *people)  # in one order, as each line will do it again
    access.require(rules.add_member, by, organisation)
    done = []
    for line in lines:
        look = rules.look_at_line(by, organisation, line)
        if look.goes:
            invite_member(organisation=organisation, name=line.name, email=line.email, role=line.role, by=by)
        done.append(Joined(line, look.goes, "" if look.goes else look.sentence))
    return done


@action
def end_membership(*, membership: Membership, by: Actor) -> None:
    """Access ends at the next request, and an invitation to this role with it; the row stays as history."""
    access.require(rules.end_membership, by, membership)
    lock(membership.person, membership)
    if not membership.ended:
        changed = store(membership, {"until": max(timezone.localdate(), membership.since)})
        person = membership.person
        audit.record(
            "organisation.member_left",
            membership.organisation,
            by=by,
            person=person.ref,
            name=person.name,
            role=membership.role_label,
            changes=changed,
        )
        _release(membership, by)


def _release(membership: Membership, by: Actor) -> None:
    place = audit.subject_of(membership.organisation)
    accounts.release_invitation(person=membership.person, place=place, role=membership.role, by=by)


@action
def date_membership(*, membership: Membership, since: date, until: date | None, by: Actor) -> bool:
    """Correct from when until when it counts; whether anything differed. ValidationError as accounts.correct_days() says."""
    access.require(rules.date_membership, by, membership)
    lock(membership.organisation, membership.person, membership)
    changed = accounts.correct_days(role=membership, since=since, until=until, by=by)
    if changed:
        audit.record(
            "organisation.member_dated",
            membership.organisation,
            by=by,
            person=membership.person.ref,
            name=membership.person.name,
            role=membership.role_label,
            days=membership.days,
            changes=changed,
        )
    if changed and membership.ended:
        _release(membership, by)
    return bool(changed)
