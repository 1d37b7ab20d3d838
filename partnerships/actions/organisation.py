"""Every write about organisations and the roles in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Person, User
from accounts.roles import MEMBER_ROLES
from core import access, audit, public
from core import actions as core
from core.access import Actor
from core.action import action, lock, store
from core.imports import Mapping as ImportFormat
from core.imports import Record as Imported
from core.imports import Tally
from core.landing import DryRun, Landing, one_import_at_a_time
from partnerships import notices, rules
from partnerships.kinds import MemberLine
from partnerships.models import Membership, Organisation

EDITABLE = frozenset(
    [
        "name",
        "short_name",
        "kind",
        "legal_form",
        "registration",
        "legal_basis",
        "address",
        "notice_email",
        "website",
        "city",
        "region",
        "country",
        "about",
        "tags",
        "former_names",
    ]
)


@action
def add_organisation(*, name: str, by: Actor, namesake: bool = True, **facts: Any) -> Organisation:
    """Add to the register. `facts` are fields of Organisation.

    Without `namesake` it raises ValidationError where the register has that name: a second click adds nothing.
    """
    access.require(rules.add_organisation, by)
    if not namesake:
        if isinstance(by, User) and by.person:
            lock(by.person)  # who clicks twice waits for their first click
        if Organisation.objects.filter(name__iexact=name).exists():
            raise ValidationError(_("The register has an organisation of this name already."), code="namesake")
    organisation = Organisation.objects.create(name=name, **_known(facts))
    audit.record("organisation.added", organisation, by=by)
    return organisation


@action
def edit_organisation(*, organisation: Organisation, facts: Mapping[str, Any], by: Actor) -> list[str]:
    """Store what differs; the names of the fields that did. Nothing different, nothing recorded."""
    access.require(rules.edit_organisation, by, organisation)
    lock(organisation)
    changed = store(organisation, _known(facts))
    if changed:
        audit.record("organisation.edited", organisation, by=by, fields=audit.labels(organisation, changed), changes=changed)
        public.touch()
    return list(changed)


@action
def shield_organisation(*, organisation: Organisation, reason: str, by: Actor) -> None:
    """Sensitive: from the next request on it is on no public page, and no record that would name it."""
    lock(organisation)
    access.require(rules.shield_organisation, by, organisation)
    if store(organisation, {"sensitive": True}):
        audit.record("organisation.shielded", organisation, by=by, reason=reason)
        public.touch()


@action
def unshield_organisation(*, organisation: Organisation, reason: str, by: Actor) -> None:
    """Not sensitive any more: what was published of it is public again."""
    lock(organisation)
    access.require(rules.unshield_organisation, by, organisation)
    if store(organisation, {"sensitive": False}):
        audit.record("organisation.unshielded", organisation, by=by, reason=reason)
        public.touch()


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not fields of an organisation: {sorted(unknown)}")
    return dict(facts)


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
    access.require(rules.add_member, by, organisation, person)
    lock(organisation, person)
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
    """Access ends at the next request; the row stays as history."""
    access.require(rules.end_membership, by, membership)
    lock(membership)
    if not membership.ended:
        membership.until = max(timezone.localdate(), membership.since)
        membership.save(update_fields=["until"])
        person = membership.person
        audit.record(
            "organisation.member_left",
            membership.organisation,
            by=by,
            person=person.ref,
            name=person.name,
            role=membership.role_label,
        )


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
    return bool(changed)


@action
def land_organisations(*, source: str, records: Iterable[Imported], tally: Tally, by: Actor) -> Landing[Organisation]:
    """Place and write what was imported. An organisation of the register with the same name is the same organisation."""
    one_import_at_a_time()
    access.require(rules.add_organisation, by)
    register = list(Organisation.objects.all())
    names = {organisation.name.casefold(): organisation for organisation in register}
    landing = Landing(
        source,
        Organisation,
        tally,
        verb="organisation.imported",
        by=by,
        twin=lambda facts: names.get(str(facts["name"]).casefold()),
    )
    for organisation in register:
        # Rows may refer to any of the register, whatever list it came from: register_as_known() gives these keys.
        landing.known.setdefault(organisation.ref, organisation)
    for record in records:
        facts = {name: list(value) if isinstance(value, tuple) else value for name, value in record.values.items()}
        facts.pop("key", None)
        names.setdefault(str(facts["name"]).casefold(), landing.place(record.key, facts))
    landing.settle()
    return landing


@action
def import_organisations(
    *, source: str, records: Iterable[Imported], tally: Tally, by: Actor, dry_run: bool = False
) -> list[Tally]:
    """Add to the register what a file has, in one transaction. Run again it changes nothing.

    Raises DryRun with the tallies, after everything was tried, when it was only to be tried.
    """
    land_organisations(source=source, records=records, tally=tally, by=by)
    public.touch()
    if dry_run:
        raise DryRun([tally])
    return [tally]


@action
def remember_mapping(*, mapping: ImportFormat, by: Actor) -> None:
    """Keep a mapping that was used with success: the next file with these columns is read by it."""
    access.require(rules.add_organisation, by)
    core.remember_mapping(mapping=mapping, by=by)
