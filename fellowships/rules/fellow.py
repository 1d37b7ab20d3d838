"""Who may correct what is on record of a fellow, and give a sign-in to who has none."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Invitation, Person, User
from accounts.rules import open_sign_in as may_open_sign_in
from core.access import HOUSE, Actor, Verdict, no, reach, visible
from fellowships.models import Cycle, Fellow
from fellowships.rules.cycle import edit_cycle
from fellowships.states import FellowState
from partnerships.models import Membership, ProgrammeRole


def edit_fellow(by: Actor, fellow: Fellow) -> Verdict:
    """Skills and home, of somebody who left as well: what is wrong on record is put right."""
    return edit_cycle(by, fellow.cycle)


def rename_fellow(by: Actor, fellow: Fellow) -> Verdict:
    """A name is the person's everywhere: who has another part as well is not renamed by one programme."""
    may = edit_fellow(by, fellow)
    if not may or by is HOUSE:
        return may
    person = {"person": fellow.person_id}
    elsewhere = Fellow.objects.filter(**person).exclude(cycle__programme__in=reach(by, "fellowships.edit_cycle")["programme"])
    roles = (Membership.objects.filter(**person), ProgrammeRole.objects.filter(**person))
    if elsewhere.exists() or any(rows.exists() for rows in roles):
        return no(_("The name stays: %(name)s has or had another part here, and goes by it there.") % {"name": fellow})
    return may


def shield_fellow(by: Actor, fellow: Fellow) -> Verdict:
    """Whoever runs the cycle; the fellow does it on the page of their own record."""
    return edit_cycle(by, fellow.cycle)


def minds(by: Actor, person: Person) -> bool:
    """Whether `by` runs a cycle in which the person has or had a part. For accounts, which knows no cycle."""
    return visible(Fellow, by, "fellowships.edit_cycle").filter(person=person).exists()


def invite_fellow(by: Actor, fellow: Fellow) -> Verdict:
    """Who was added or imported without an address gets a sign-in."""
    may = edit_cycle(by, fellow.cycle)
    if may and fellow.state != FellowState.TAKES_PART:
        return no(_("%(name)s has left the cycle.") % {"name": fellow})
    if may and fellow.person.sign_in():
        return no(_("%(name)s has a sign-in already.") % {"name": fellow})
    return may


def invite_cohort(by: Actor, cycle: Cycle) -> Verdict:
    return edit_cycle(by, cycle)


@dataclass(frozen=True)
class Guest:
    """One of a cohort, and whether they can be invited. `goes`: to the address on record; `asks`: to one that has to be written.

    Else `word`, with its tone and `why`, says what stands in the way.
    """

    fellow: Fellow
    word: str
    tone: str
    why: str = ""
    address: str = ""
    goes: bool = False
    asks: bool = False


def look_at_cohort(cycle: Cycle) -> list[Guest]:
    """Everybody in the cycle by name, as they stand now. Three queries."""
    fellows = list(Fellow.objects.filter(cycle=cycle).select_related("person", "cycle").order_by("person__name", "pk"))
    people = [fellow.person_id for fellow in fellows]
    users = {user.person_id: user for user in User.objects.filter(person__in=people)}
    last = Invitation.objects.newest_of(people)
    return [_guest(fellow, users.get(fellow.person_id), last.get(fellow.person_id)) for fellow in fellows]


def _guest(fellow: Fellow, user: User | None, last: Invitation | None) -> Guest:
    if fellow.state != FellowState.TAKES_PART:
        return Guest(fellow, _("Has left"), "gone")
    if user is None:
        return Guest(fellow, _("No address"), "wait", _("Write one, and they are invited to it."), asks=True)
    if not user.is_active:
        return Guest(fellow, _("Sign-in deactivated"), "bad", address=user.email)
    if user.came_in:
        return Guest(fellow, _("Has a sign-in"), "good", address=user.email)
    if last and last.consumed_at:
        why = _("No password yet: the way is “Set or forgot password” on the sign-in page.")
        return Guest(fellow, _("Has answered"), "good", why, address=user.email)
    if last and last.is_open:
        return Guest(fellow, _("Invited"), "info", _mailed(last), address=user.email)
    why = ""
    if last:
        day = {"day": date_format(timezone.localtime(last.revoked_at or last.expires), "j F Y")}
        why = (_("The last one was taken back on %(day)s.") if last.revoked_at else _("The last one expired on %(day)s.")) % day
    return Guest(fellow, _("Can be invited"), "wait", why, address=user.email, goes=True)


def _mailed(last: Invitation) -> str:
    until = {"until": date_format(timezone.localtime(last.expires), "j F Y")}
    if last.sent_at:
        return _("The mail has left. Open until %(until)s.") % until
    if last.error:
        return _("The mail does not leave; it is tried again. Open until %(until)s.") % until
    return _("The mail waits to be sent. Open until %(until)s.") % until


def why_not_invited(by: Actor, guest: Guest, email: str) -> str:
    """Why nothing goes to this address, which was shown or typed, or ""."""
    if guest.asks:
        may = may_open_sign_in(by, guest.fellow.person)
        return why_not_by(guest.fellow, email) if may else may.reason
    if not guest.goes:
        return f"{guest.word}. {guest.why}".strip()
    same = guest.address.casefold() == email.casefold()
    return "" if same else _("Another address is on record by now. Look at it and invite them again.")


def why_not_by(fellow: Fellow, email: str) -> str:
    """Why the sign-in cannot have this address, or "". Two people never share one."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return ""
    if user.person_id is None:
        return _("That address belongs to a superuser of this site, who takes no part in the work.")
    return _(
        "Somebody else signs in with this address. Ask %(name)s for one of their own. If it is the same person twice, add them "
        "to the cycle by this address, and record that this one left."
    ) % {"name": fellow}
