"""Every write about people and sign-ins."""

from django.utils import timezone

from accounts import notices, rules
from accounts.kinds import CONSENT_ITEMS
from accounts.models import Consent, Person, User
from core import access, audit, public
from core.access import Actor
from core.action import action, lock
from core.jobs import later


@action
def add_person(*, name: str, by: Actor) -> Person:
    """Somebody the records name. `by` was allowed to do what needs this person; that is checked where it is done."""
    person = Person.objects.create(name=name)
    audit.record("person.added", person, by=by)
    return person


@action
def open_sign_in(*, person: Person, email: str, password: str = "", by: Actor) -> User:
    """A sign-in for a person who has none. Without a password it opens by the link that "forgot password" mails."""
    user = User.objects.create_user(email, password or None, person=person)
    audit.record("person.sign_in_opened", person, by=by)
    return user


@action
def close_sign_in(*, user: User, by: Actor) -> None:
    """The account goes, with its shares; the Person and what they signed stay."""
    access.require(rules.run_house, by)
    if user.person:
        audit.record("person.sign_in_closed", user.person, by=by)
    user.delete()


@action
def ask_password_link(*, email: str) -> None:
    """Mail a link that sets a password, if the address has a sign-in.

    A job is asked for in any case: the answer in the browser neither says nor takes longer when somebody is there. It knows
    the key of the sign-in and the moment, never the address that was typed nor the link.
    """
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    later("accounts.mail_password_link", str(user.pk) if user else "", timezone.now().isoformat())


@action
def note_password_set(*, user: User, by: Actor) -> None:
    """A password was set by a mailed link: on the record, and told to whom it belongs."""
    if user.person:
        audit.record("person.password_set", user.person, by=by)
    notices.password_set(user)


@action
def give_consent(*, person: Person, item: str, by: Actor) -> Consent:
    """Agree to the text in force. Agreeing twice is agreeing once."""
    lock(person)
    access.require(rules.give_consent, by, person)
    consent, new = Consent.objects.get_or_create(
        person=person,
        item=item,
        withdrawn_at=None,
        defaults={"version": CONSENT_ITEMS[item].version, "given_at": timezone.now()},
    )
    if new:
        audit.record("person.consented", person, by=by, item=item, version=consent.version)
        public.touch()
    return consent


@action
def withdraw_consent(*, person: Person, item: str, by: Actor) -> None:
    """Take it back: gone from every public page at the next request."""
    lock(person)
    access.require(rules.give_consent, by, person)
    consent = Consent.objects.standing(item).filter(person=person).first()
    if consent is not None:
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])
        audit.record("person.consent_withdrawn", person, by=by, item=item)
        public.touch()
