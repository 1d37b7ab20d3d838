"""Who may bring people in, and what each may do with their own record."""

from django.utils.translation import gettext as _

from accounts.models import Person, User
from core.access import HOUSE, YES, Actor, Verdict, no, signed_in

view_own_record = signed_in


def run_house(by: Actor) -> Verdict:
    """Programmes and the first people are added by the operator. This opens no record to read."""
    operator = by is HOUSE or (isinstance(by, User) and by.is_active and by.is_superuser)
    return YES if operator else no(_("Only the operator of this site may do that."))


def give_consent(by: Actor, person: Person) -> Verdict:
    """Nobody agrees for somebody else, the operator included."""
    own = isinstance(by, User) and by.is_active and by.person_id == person.pk
    return YES if own else no(_("Only the person themselves can agree to this or take it back."))
