"""Who may keep sign-ins in order, and what each may do with their own record. The reasons are in docs/adr/0015."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import codes
from accounts.kinds import InvitationState, Purpose
from accounts.models import Erasure, Export, Invitation, Person, SiteRole, User
from core import erasing, privacy
from core.access import HOUSE, YES, Actor, Verdict, holds, no, reach, signed_in

view_own_record = signed_in


def run_house(by: Actor) -> Verdict:
    """What is done by the command line alone: who administers the site is said by who runs it."""
    return YES if by is HOUSE else no(_("Only the operator of this site may do that, by the command line."))


def list_people(by: Actor) -> Verdict:
    """Those who keep sign-ins in order: administrators, and coordinators for the people of organisations."""
    where = reach(by, "accounts.view_person")
    return YES if where["site"] or where["programme"] else no(_("Only administrators and coordinators see this list."))


def open_sign_in(by: Actor, person: Person) -> Verdict:
    """An address for who has none is a new address as well: for who has an office it is the operator's."""
    if person.erased_at:
        return no(_("This person was erased. Add them anew by name and address."))
    offices = offices_of(person) if by is not HOUSE else []
    words = {"name": person, "offices": "; ".join(offices)}
    return (
        no(_("%(name)s acts or acted for others: %(offices)s. Only the operator of this site opens the sign-in.") % words)
        if offices
        else YES
    )


def view_person(by: Actor, person: Person) -> Verdict:
    return YES if holds(by, "accounts.view_person", person) else no(_("This person is not yours to see."))


def keep_sign_in(by: Actor, person: Person) -> Verdict:
    """Administrators for everybody, coordinators for people of organisations who run nothing. Nobody for themselves."""
    if _own(by, person):
        return no(_("Nobody does that to their own sign-in. An administrator has to do it."))
    if not holds(by, "accounts.keep_sign_in", person):
        return no(_("%(name)s has a role in a programme or administers this site: ask an administrator.") % {"name": person})
    user = person.sign_in()
    if user is None:
        return no(_("%(name)s has no sign-in.") % {"name": person})
    if user.is_superuser:
        return no(_("This sign-in administers Wagtail. The operator of this site looks after it."))
    return YES


def deactivate_sign_in(by: Actor, person: Person) -> Verdict:
    may, user = keep_sign_in(by, person), person.sign_in()
    return may if not may or (user and user.is_active) else no(_("The sign-in is deactivated already."))


def reactivate_sign_in(by: Actor, person: Person) -> Verdict:
    may, user = keep_sign_in(by, person), person.sign_in()
    return may if not may or (user and not user.is_active) else no(_("The sign-in is open already."))


def change_address(by: Actor, person: Person) -> Verdict:
    """Who has the address has the sign-in. So nobody who gives roles changes one, and that of who has or had an office is the
    operator's alone: a role that was ended for the purpose could be given again."""
    if by is not HOUSE and not holds(by, "accounts.change_address", person):
        return no(_("Only an administrator of this site changes the address of a sign-in."))
    may = keep_sign_in(by, person)
    if not may or by is HOUSE:
        return may
    if any(reach(by, "partnerships.add_member").scopes.values()):
        return no(_("You give people roles in organisations, so you change nobody’s address. Another administrator does it."))
    offices = offices_of(person)
    if offices:
        sentence = _("%(name)s acts or acted for others: %(offices)s. Only the operator of this site changes the address.")
        return no(sentence % {"name": person, "offices": "; ".join(offices)})
    return YES


def _own(by: Actor, person: Person) -> bool:
    return isinstance(by, User) and by.person_id == person.pk


_offices: Callable[[Person], list[str]] | None = None


def provide_offices(offices: Callable[[Person], list[str]]) -> None:
    """Called once, at app ready, by the app that knows roles: what somebody signs or runs for others, or ever did."""
    global _offices
    _offices = offices


def offices_of(person: Person) -> list[str]:
    """In words, such as "Signatory of Agency". Whether the sign-in is open does not matter: it can be opened again."""
    held = [row.role_label for row in SiteRole.objects.filter(person=person).order_by("pk")]
    return list(dict.fromkeys([*held, *(_offices(person) if _offices else [])]))


_purposes: list[Callable[[Person], list[Purpose]]] = []


def provide_purposes(purposes: Callable[[Person], list[Purpose]]) -> None:
    """Called at app ready by each app that gives people a part: purposes(person) -> what they have or are to have."""
    _purposes.append(purposes)


def purposes_of(person: Person) -> list[Purpose]:
    """What an invitation of this person can be for, once it is not for what it was: their roles that last."""
    return [purpose for purposes in _purposes for purpose in purposes(person)]


def list_invitations(by: Actor) -> Verdict:
    """Those who invite, and administrators, who look after every sign-in."""
    where = reach(by, "accounts.view_person")
    may = where["site"] or where["programme"] or where["organisation"]
    return YES if may else no(_("Only administrators and coordinators see this list."))


def view_invitation(by: Actor, invitation: Invitation) -> Verdict:
    return YES if holds(by, "accounts.view_person", invitation) else no(_("This invitation is not yours to see."))


def keep_invitation(by: Actor, invitation: Invitation) -> Verdict:
    may = holds(by, "accounts.keep_sign_in", invitation)
    return YES if may else no(_("Only a coordinator or an administrator sends invitations again and takes them back."))


def resend_invitation(by: Actor, invitation: Invitation) -> Verdict:
    """Also one that was taken back: it is made anew. The address stays the one of the sign-in."""
    may, user = keep_invitation(by, invitation), invitation.person.sign_in()
    if not may:
        return may
    if user is None or not user.is_active:
        return no(_("The sign-in of %(name)s is closed.") % {"name": invitation.person})
    if invitation.consumed_at or user.came_in:
        words = {"name": invitation.person}
        return no(_("%(name)s has answered. The way in is “Set or forgot password” on the sign-in page.") % words)
    if Invitation.objects.filter(person=invitation.person_id, pk__gt=invitation.pk).exists():
        return no(_("There is a newer invitation of %(name)s.") % {"name": invitation.person})
    return may


def revoke_invitation(by: Actor, invitation: Invitation) -> Verdict:
    may = keep_invitation(by, invitation)
    if may and invitation.standing == InvitationState.USED:
        return no(_("It was used. To close the sign-in, deactivate it on the page of the person."))
    return no(_("It was taken back already.")) if may and invitation.revoked_at else may


def give_consent(by: Actor, person: Person) -> Verdict:
    """Nobody agrees for somebody else, the operator included."""
    own = isinstance(by, User) and by.is_active and by.person_id == person.pk
    return YES if own else no(_("Only the person themselves can agree to this or take it back."))


_minds: Callable[[Actor, Person], bool] | None = None


def provide_minders(minds: Callable[[Actor, Person], bool]) -> None:
    """Called once, at app ready, by the app in which people have parts: minds(by, person) -> whether `by` runs one of theirs."""
    global _minds
    _minds = minds


def shield_person(by: Actor, person: Person) -> Verdict:
    """Each for themselves, administrators for everybody, coordinators for whom they look after."""
    may = _own(by, person) or holds(by, "accounts.shield_person", person) or bool(_minds and _minds(by, person))
    return YES if may else no(_("Only a coordinator, an administrator or the person themselves says that somebody is sensitive."))


def unshield_person(by: Actor, person: Person) -> Verdict:
    return shield_person(by, person)


def shield_own(by: Actor) -> Verdict:
    """Who has a record of their own."""
    own = isinstance(by, User) and by.is_active and by.person_id is not None
    return YES if own else no(_("This sign-in belongs to nobody in the work: no public page names it."))


# What somebody takes along, and what is erased.


def answer_request(by: Actor, person: Person) -> Verdict:
    """Whoever hands out or erases what is kept of somebody else; what it is, they see as figures."""
    may = by is HOUSE or holds(by, "accounts.answer_request", person)
    return YES if may else no(_("Only an administrator of this site hands out or erases what is kept of somebody."))


def ask_export(by: Actor, person: Person) -> Verdict:
    """Each for themselves; administrators for others."""
    if person.erased_at:
        return no(_("This person was erased. There is nothing left to take along."))
    return YES if _own(by, person) else answer_request(by, person)


def own_data(by: Actor) -> Verdict:
    """Who has a record of their own."""
    own = isinstance(by, User) and by.is_active and by.person_id is not None
    return YES if own else no(_("This sign-in belongs to nobody in the work: there is nothing to take along."))


def view_export(by: Actor, export: Export) -> Verdict:
    return YES if holds(by, "accounts.answer_request", export) else no(_("This copy is not yours to see."))


def fetch_export(by: Actor, export: Export) -> Verdict:
    return YES if export.ready else no(_("This copy is not there: it is being made, or its days are over. Ask for another one."))


def ask_erasure(by: Actor, person: Person) -> Verdict:
    """Nobody asks in the place of somebody else."""
    return (
        YES if _own(by, person) and isinstance(by, User) and by.is_active else no(_("Only the person themselves asks for that."))
    )


def take_back_erasure(by: Actor, erasure: Erasure) -> Verdict:
    """Until it was decided."""
    if not _own(by, erasure.person):
        return no(_("Only the person themselves takes it back."))
    waits = Erasure.objects.waiting().filter(pk=erasure.pk, asked_at__isnull=False).exists()
    return YES if waits else no(_("It is decided already."))


def view_erasure(by: Actor, erasure: Erasure) -> Verdict:
    own = _own(by, erasure.person)
    return YES if own or answer_request(by, erasure.person) else no(_("This request is not yours to see."))


def refuse_erasure(by: Actor, erasure: Erasure) -> Verdict:
    may = answer_request(by, erasure.person)
    if may and _own(by, erasure.person):
        return no(_("Nobody answers their own request. Another administrator does it."))
    open_ = Erasure.objects.waiting().filter(pk=erasure.pk).exists()
    return may if not may or open_ else no(_("It is decided already."))


_ties: list[Callable[[Person], list[str]]] = []


def provide_ties(ties: Callable[[Person], list[str]]) -> None:
    """Called at app ready by each app that knows what still holds somebody: ties(person) -> sentences."""
    _ties.append(ties)


def ties_of(person: Person) -> list[str]:
    """What has to be ended before the person is erased, a sentence each."""
    lists = [
        _("The import “%(title)s” quotes the person and is not over: import or discard it first.") % {"title": title}
        for title in erasing.open_lists(privacy.subject_of(person))
    ]
    return [*(sentence for ties in _ties for sentence in ties(person)), *lists]


def erase_person(by: Actor, person: Person) -> Verdict:
    """Nobody themselves, and nobody who still acts for others or is waited for."""
    may = answer_request(by, person)
    if not may:
        return may
    if _own(by, person):
        return no(_("Nobody erases themselves. Another administrator does it."))
    if person.erased_at:
        return no(_("This person was erased already."))
    ties = ties_of(person)
    return no(" ".join(ties)) if ties else YES


# Second steps.

_held: Callable[[Person], list[str]] | None = None


def provide_second_steps(held: Callable[[Person], list[str]]) -> None:
    """Called once, at app ready, by the app that knows roles: what somebody holds today that asks for a second step."""
    global _held
    _held = held


def asked_of(user: User) -> list[str]:
    """Why this sign-in needs a second step today, such as "Signatory of Agency"; nothing where the site only offers it."""
    if settings.SECOND_FACTOR != "demanded":
        return []
    if user.is_superuser:
        return [_("Administrator of Wagtail")]
    return _held(user.person) if _held and user.person else []


def remove_step(by: Actor, user: User, step: Any) -> Verdict:
    """One's own. The last one stays while a role asks for it."""
    if not isinstance(by, User) or by.pk != user.pk:
        return no(_("Only the person themselves removes one step of several."))
    others = [each for each in codes.steps_of(user) if each.pk != step.pk]
    asked = [] if others else asked_of(user)
    sentence = _("It is the last one, and you need one: %(roles)s. Set up another first, then remove this one.")
    return no(sentence % {"roles": "; ".join(asked)}) if asked else YES


def clear_steps(by: Actor, person: Person) -> Verdict:
    """Lost phone, no recovery code left. It opens nothing by itself, so it may be done for signatories as well; but it is the
    lock that protects them, so whoever gives roles in organisations does it for nobody."""
    user = person.sign_in()
    if user is None or not codes.has_step(user):
        return no(_("%(name)s has no second step.") % {"name": person})
    if by is not HOUSE and not holds(by, "accounts.change_address", person):
        return no(_("Only an administrator of this site removes somebody’s second step."))
    if by is not HOUSE and any(reach(by, "partnerships.add_member").scopes.values()):
        return no(_("You give people roles in organisations, so you remove nobody’s second step. Another administrator does it."))
    return keep_sign_in(by, person)
