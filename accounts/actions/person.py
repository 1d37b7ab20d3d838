"""Every write about people and sign-ins."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import codes, notices, rules
from accounts.actions.invitation import invite_again, release_invitation, withdraw_invitations
from accounts.kinds import CONSENT_ITEMS, SITE_ROLE_PLACE
from accounts.models import Consent, Held, Person, SiteRole, User
from accounts.roles import SITE_ROLES
from core import access, audit, public
from core.access import Actor
from core.action import action, lock, store
from core.jobs import later


@action
def add_person(*, name: str, by: Actor) -> Person:
    """Somebody the records name. `by` was allowed to do what needs this person; that is checked where it is done."""
    person = Person.objects.create(name=name)
    audit.record("person.added", person, by=by)
    return person


@action
def rename_person(*, person: Person, name: str, by: Actor) -> None:
    """What the records call somebody from now on; what was signed keeps the name it was signed under.

    `by` was allowed to do what changes it; that is checked where it is done.
    """
    lock(person)
    if name != person.name and not person.erased_at:
        before = person.name
        changed = store(person, {"name": name})
        audit.record("person.renamed", person, by=by, before=before, after=name, changes=changed)
        public.touch()


@action
def shield_person(*, person: Person, reason: str, by: Actor) -> None:
    """Sensitive: named on no public page from the next request on, whatever was agreed to. Consents stay on record."""
    lock(person)
    access.require(rules.shield_person, by, person)
    if changed := store(person, {"sensitive": True}):
        audit.record("person.shielded", person, by=by, reason=reason, changes=changed)
        public.touch()


@action
def unshield_person(*, person: Person, reason: str, by: Actor) -> None:
    """Not sensitive any more: named again where they agree to it. Who did not lift it themselves is told."""
    lock(person)
    access.require(rules.unshield_person, by, person)
    if changed := store(person, {"sensitive": False}):
        audit.record("person.unshielded", person, by=by, reason=reason, changes=changed)
        public.touch()
        user = person.sign_in()
        if user is not None and user.is_active and user != by:
            notices.unshielded(user, reason)


@action
def open_sign_in(*, person: Person, email: str, password: str = "", by: Actor) -> User:
    """A sign-in for a person who has none. Without a password it opens by a mailed link: an invitation, where one is made."""
    access.require(rules.open_sign_in, by, person)
    user = User.objects.create_user(email, password or None, person=person)
    audit.record("person.sign_in_opened", person, by=by)
    return user


@action
def known_or_new(*, name: str, email: str, by: Actor) -> tuple[User, Person]:
    """The sign-in of an address and whose it is; somebody new of this name where nobody has it.

    Part of giving somebody a role, which says who may. Raises ValidationError for the address of a superuser.
    """
    if isinstance(by, User) and by.person:
        lock(by.person)  # who clicks twice waits for their first click
    user = User.objects.filter(email__iexact=email).select_related("person").first()
    if user is None:
        user = open_sign_in(person=add_person(name=name, by=by), email=email, by=by)
    if user.person is None:
        raise ValidationError(_("That address belongs to a superuser of this site, who takes no part in the work."))
    return user, user.person


@action
def close_sign_in(*, user: User, by: Actor) -> None:
    """The account goes, with its shares; the Person and what they signed stay."""
    access.require(rules.run_house, by)
    if user.person:
        withdraw_invitations(person=user.person, by=by)
        audit.record("person.sign_in_closed", user.person, by=by)
    user.delete()


@action
def deactivate_sign_in(*, person: Person, reason: str, by: Actor) -> None:
    """Every session, every mailed link and the password are dead at once. Roles stay, and open nothing meanwhile."""
    lock(person)
    access.require(rules.deactivate_sign_in, by, person)
    user, changed = _emptied(person, is_active=False)
    withdraw_invitations(person=person, by=by)
    audit.record("person.sign_in_deactivated", person, by=by, reason=reason, changes=changed)
    notices.sign_in_deactivated(user, reason)


@action
def reactivate_sign_in(*, person: Person, reason: str, by: Actor) -> None:
    """It opens again, by a password that is set anew: nothing that was open before comes back to life."""
    lock(person)
    access.require(rules.reactivate_sign_in, by, person)
    user, changed = _emptied(person, is_active=True)
    audit.record("person.sign_in_reactivated", person, by=by, reason=reason, changes=changed)
    if not invite_again(user=user, by=by):
        notices.sign_in_reactivated(user)


@action
def change_address(*, person: Person, email: str, reason: str, by: Actor) -> User:
    """Another address to sign in with. Whoever comes in sets a password by a link to it: that proves that it is theirs.

    Both addresses are told, and stand in the chain until they are erased from it. Raises ValidationError for one that is taken.
    """
    lock(person)
    access.require(rules.change_address, by, person)
    before = User.objects.get(person=person).email
    email = User.objects.normalize_email(email.strip())
    if email == before:
        raise ValidationError({"email": _("That is the address already.")})
    if User.objects.filter(email__iexact=email).exclude(person=person).exists():
        raise ValidationError({"email": _("Somebody signs in with that address already.")})
    user, changed = _emptied(person, email=email)
    audit.record("person.address_changed", person, by=by, reason=reason, changes=changed)
    notices.address_changed(user, before, invited=invite_again(user=user, by=by))
    return user


def _emptied(person: Person, **facts: bool | str) -> tuple[User, dict[str, list[Any]]]:
    """The sign-in with these facts and without a password, on which sessions and mailed links hang; which facts differed."""
    user = User.objects.get(person=person)
    lock(user)
    changed = store(user, {**facts, "password": make_password(None)})  # an unusable one, another each time
    del changed["password"]
    return user, changed


@action
def give_site_role(*, person: Person, role: str, by: Actor, since: date | None = None) -> SiteRole:
    """A role for the whole site, from today unless said. Given twice, it is held once."""
    lock(person)
    access.require(rules.run_house, by)
    held = SiteRole.objects.lasting().filter(person=person, role=role).first()
    if held is None:
        held = SiteRole.objects.create(person=person, role=role, since=since or timezone.localdate())
        audit.record("person.site_role_given", person, by=by, role=str(SITE_ROLES[role].label))
    return held


@action
def end_site_role(*, role: SiteRole, by: Actor) -> None:
    """Access ends at the next request, and an invitation to this role with it."""
    lock(role.person, role)
    access.require(rules.run_house, by)
    if not role.ended:
        changed = store(role, {"until": max(timezone.localdate(), role.since)})
        audit.record("person.site_role_ended", role.person, by=by, role=role.role_label, changes=changed)
        release_invitation(person=role.person, place=SITE_ROLE_PLACE, role=role.role, by=by)


@action
def correct_days(*, role: Held, since: date, until: date | None, by: Actor) -> dict[str, list[Any]]:
    """Store from when until when a role counts; what differed. `by` was allowed to; that is checked where it is recorded.

    `until` is the first day that no longer counts. Raises ValidationError when it would end before it begins, when one that
    has ended would count again, and when the same role is held on one of these days already.
    """
    field, why = role.why_not_from(since, until)
    if why:
        raise ValidationError({field: why})
    if role.alike().overlapping(since, until).exists():
        raise ValidationError(_("%(name)s holds the same role on some of these days already.") % {"name": role.person})
    return store(role, {"since": since, "until": until})


@action
def ask_password_link(*, email: str, goal: str = "") -> None:
    """Mail a link that sets a password, if the address has a sign-in; `goal` is the place of the site to go to then, or "".

    A job is asked for in any case: the answer in the browser neither says nor takes longer when somebody is there. It knows
    the key of the sign-in and the moment, never the address that was typed nor the link.
    """
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    later("accounts.mail_password_link", str(user.pk) if user else "", timezone.now().isoformat(), goal)


@action
def note_password_set(*, user: User, by: Actor) -> None:
    """A password was set by a mailed link: on the record, and told to whom it belongs."""
    if user.person:
        audit.record("person.password_set", user.person, by=by)
    notices.password_set(user)


@action
def use_code(*, user: User, code: str, by: Actor) -> Authenticator:
    """The step that this code belongs to. Each code counts once, also where two requests bring it at the same moment.

    Raises ValidationError for one that does not fit, was used, or is too old.
    """
    user = _held_fast(user)
    for step in Authenticator.objects.filter(user=user).order_by("-type"):  # the app before the recovery codes
        try:
            if step.type == codes.RECOVERY and step.wrap().validate_code(code):
                left = len(codes.kept_codes(user))
                audit.record("person.recovery_code_used", user.person or user, by=by, left=left)
                notices.recovery_code_used(user, left)
                return step
            moment = codes.moment_of(step, code) if step.type == codes.APP else None
        except ValueError:  # sealed under a SECRET_KEY that is gone
            continue
        if moment is not None:
            step.data["used"] = moment
            step.save(update_fields=["data"])
            return step
    raise ValidationError(_("This code does not fit. Take the one that the app shows now: each counts once, for half a minute."))


@action
def use_passkey(*, user: User, step: Authenticator, count: int, by: Actor) -> None:
    """One that counts its uses has counted on since the last one, or somebody has a copy of it (WebAuthn 2, 7.2, step 21).

    `count`: what it says now; 0 always for those that live on several devices. Raises ValidationError.
    """
    user = _held_fast(user)
    step = Authenticator.objects.get(pk=step.pk, user=user, type=codes.PASSKEY)
    before = codes.count_of(step)
    if (count or before) and count <= before:
        raise ValidationError(_("This passkey was used since, or there is a copy of it. Come in with a code, and remove it."))
    step.data["count"] = count
    step.save(update_fields=["data"])


@action
def add_app(*, user: User, secret: str, code: str, session_key: str | None, by: Actor) -> bool:
    """An authenticator app, in the place of the one before; whether recovery codes were made with it.

    session_key: where it was set up. With the first step, every other session ends: none of them came in by it.
    Raises ValidationError when the app does not show the codes of this secret.
    """
    user = _held_fast(user)
    moment = codes.moment_in(secret, code)
    if moment is None:
        sentence = _("The app shows another code. Take the one it shows now, and check that the clock of the phone is right.")
        raise ValidationError({"code": sentence})
    first = not codes.has_step(user)
    Authenticator.objects.filter(user=user, type=codes.APP).delete()
    step = Authenticator.objects.create(user=user, type=codes.APP, data=codes.sealed(secret, moment))
    return _step_added(user, step, session_key if first else None, by)


@action
def add_passkey(*, user: User, name: str, credential: dict[str, Any], session_key: str | None, by: Actor) -> bool:
    """One more passkey, which its form has checked; whether recovery codes were made with it. Sessions: as in add_app()."""
    user = _held_fast(user)
    first = not codes.has_step(user)
    step = Authenticator.objects.create(user=user, type=codes.PASSKEY, data={"name": name, "credential": credential})
    return _step_added(user, step, session_key if first else None, by)


def _held_fast(user: User) -> User:
    """The same sign-in, locked: what a request hands over is a promise of one."""
    found = User.objects.select_related("person").get(pk=user.pk)
    lock(found)
    return found


def _step_added(user: User, step: Authenticator, alone: str | None, by: Actor) -> bool:
    """`alone`: the one session that stays, where this is the first step."""
    if alone and UserSession.objects.filter(user=user).exclude(session_key=alone).exists():
        end_other_sessions(user=user, session_key=alone, by=by)
    made = not Authenticator.objects.filter(user=user, type=codes.RECOVERY).exists()
    RecoveryCodes.activate(user)
    label = codes.label_of(step)
    audit.record("person.second_step_added", user.person or user, by=by, step=label)
    notices.second_step_added(user, label)
    return made


@action
def remove_step(*, user: User, step: Authenticator, by: Actor) -> None:
    """One of several, or the last where nothing asks for one; then the recovery codes go as well."""
    user = _held_fast(user)
    access.require(rules.remove_step, by, user, step)
    label = codes.label_of(step)
    step.delete()
    if not codes.has_step(user):
        Authenticator.objects.filter(user=user).delete()
    audit.record("person.second_step_removed", user.person or user, by=by, step=label)
    notices.second_step_removed(user, label)


@action
def clear_steps(*, person: Person, reason: str, by: Actor) -> None:
    """Somebody lost what they come in with. Sessions and password are dead as well: whoever found it has nothing of it."""
    lock(person)
    access.require(rules.clear_steps, by, person)
    user, changed = _emptied(person)
    Authenticator.objects.filter(user=user).delete()
    audit.record("person.second_steps_cleared", person, by=by, reason=reason, changes=changed)
    notices.second_steps_cleared(user, reason)


@action
def renew_recovery_codes(*, user: User, by: Actor) -> None:
    """Ten new ones; the old ones count no more. Raises ValidationError where there is nothing they would stand in for."""
    user = _held_fast(user)
    if not codes.has_step(user):
        raise ValidationError(_("Set up an app or a passkey first: recovery codes stand in for one."))
    Authenticator.objects.filter(user=user, type=codes.RECOVERY).delete()
    RecoveryCodes.activate(user)
    audit.record("person.recovery_codes_made", user.person or user, by=by)
    notices.recovery_codes_made(user)


@action
def end_session(*, user: User, session: UserSession, by: Actor) -> None:
    """One of one's own, wherever it is open. Ended twice, it is ended."""
    access.require(rules.view_own_record, by)
    if session.user_id == user.pk:
        session.end()
        audit.record("person.session_ended", user.person or user, by=by)


@action
def end_other_sessions(*, user: User, session_key: str, by: Actor) -> None:
    """Every one but this."""
    access.require(rules.view_own_record, by)
    for session in UserSession.objects.filter(user=user).exclude(session_key=session_key):
        session.end()
    audit.record("person.sessions_ended", user.person or user, by=by)


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
        changed = store(consent, {"withdrawn_at": timezone.now()})
        audit.record("person.consent_withdrawn", person, by=by, item=item, changes=changed)
        public.touch()


@action
def forget_sessions(*, rows: QuerySet[Session], by: Actor) -> int:
    """Sessions that have expired. They open nothing any more."""
    return rows.delete()[0]


@action
def forget_browsers(*, rows: QuerySet[UserSession], by: Actor) -> int:
    """From where somebody was signed in, of sessions that are over."""
    return rows.delete()[0]
