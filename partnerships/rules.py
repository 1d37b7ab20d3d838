"""Who may look at, change and staff an organisation or a programme."""

from django.utils.translation import gettext as _

from accounts.models import Person, User
from core import audit
from core.access import HOUSE, YES, Actor, Verdict, holds, no, reach, signed_in
from partnerships.models import Membership, Organisation, Programme

list_organisations = signed_in


def view_organisation(user: User, organisation: Organisation) -> Verdict:
    seen = holds(user, "partnerships.view_organisation", organisation)
    return YES if seen else no(_("You are not a member of this organisation."))


def add_organisation(by: Actor) -> Verdict:
    """The register is kept by those who run programmes."""
    runs = by is HOUSE or bool(reach(by, "partnerships.edit_organisation")["programme"])
    return YES if runs else no(_("Only a programme coordinator adds organisations to the register."))


def edit_organisation(by: Actor, organisation: Organisation) -> Verdict:
    may = holds(by, "partnerships.edit_organisation", organisation)
    return YES if may else no(_("Only a programme coordinator changes an organisation in the register."))


def missing_for_agreement(organisation: Organisation) -> list[str]:
    """What the shipped agreements name of a party and the register does not know yet, and whether anybody can sign."""
    names = ["address", "notice_email"]
    names += ["legal_form", "registration"] if organisation.programme_set.exists() else ["legal_basis"]
    found = [audit.labels(organisation, [name]) for name in names if not getattr(organisation, name)]
    signatories = Membership.objects.live().filter(organisation=organisation, role="signatory").values("person")
    if not User.objects.filter(person__in=signatories, is_active=True).exists():
        found.append(_("a signatory who can sign in"))
    return found


def add_member(by: Actor, organisation: Organisation, person: Person | None = None) -> Verdict:
    """Nobody gives a role to themselves: a coordinator who could would sign for both sides."""
    if not holds(by, "partnerships.add_member", organisation):
        return no(_("Only a programme coordinator gives people roles in an organisation."))
    if person is not None and isinstance(by, User) and by.person_id == person.pk:
        return no(_("Nobody gives a role to themselves. Another coordinator has to do it."))
    return YES


def end_membership(by: Actor, membership: Membership) -> Verdict:
    return add_member(by, membership.organisation)


def edit_programme(by: Actor, programme: Programme) -> Verdict:
    runs = by is HOUSE or programme.pk in reach(by, "fellowships.edit_cycle")["programme"]
    return YES if runs else no(_("You do not coordinate this programme."))
