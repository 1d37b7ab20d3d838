"""Who may correct what is on record of a fellow, and give a sign-in to who has none."""

from django.utils.translation import gettext as _

from accounts.models import Person, User
from core.access import HOUSE, Actor, Verdict, no, reach, visible
from fellowships.models import Fellow
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
