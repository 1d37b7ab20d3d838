"""Every write about invitations: made, mailed by a job, used once, sent again, taken back."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import codes, notices, rules
from accounts.kinds import INVITED_FOR, InvitationState, Purpose
from accounts.models import Invitation, Person, User
from core import access, audit
from core.access import Actor
from core.action import action, lock, store
from core.jobs import later

A_MOMENT = timedelta(minutes=5)  # in which a second click is answered like the first


@action
def invite(*, person: Person, purpose: Purpose, by: Actor) -> Invitation | None:
    """Mail the way in to somebody who never came in, for 14 days. `by` was allowed to give what it is for; checked there.

    None where there is nothing to mail: they came in or know the way, their sign-in is closed, or an open invitation waits for
    them already. One that has expired is sent again, for this purpose.
    """
    lock(person)
    user = User.objects.get(person=person)
    last = Invitation.objects.filter(person=person).order_by("pk").last()
    if user.came_in or not user.is_active or (last and (last.consumed_at or last.is_open)):
        return None
    return _mail_anew(last, user, purpose, by)


def _mail_anew(last: Invitation | None, user: User, purpose: Purpose, by: Actor) -> Invitation:
    """Under the lock of the person. A row that stands is used again, so that there is never more than one."""
    person = user.person
    assert person is not None
    words = {"name": person.name, "what": purpose.what}
    facts = {**vars(purpose), "email": user.email, "by": by.ref, "expires": timezone.now() + INVITED_FOR}
    if last is None or last.revoked_at:
        invitation = Invitation.objects.create(person=person, **facts)
        audit.record("invitation.made", invitation, by=by, until=_day(invitation.expires), **words)
    else:
        invitation, before = last, last.expires
        lock(invitation)
        again = {"sendings": invitation.sendings + 1, "token": None, "sent_at": None, "error": "", "asked_at": None}
        store(invitation, {**facts, **again})
        changes = {"expires": [before, invitation.expires]}
        audit.record("invitation.resent", invitation, by=by, until=_day(invitation.expires), changes=changes, **words)
    later("accounts.mail_invitation", invitation.ref, str(invitation.sendings))
    return invitation


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


@action
def resend_invitation(*, invitation: Invitation, shown: int, by: Actor) -> Invitation:
    """Another mail with another link, for 14 days from now; the links before it are dead. One that was taken back is made anew.

    shown: how often it had been sent when `by` looked. Raises ValidationError when somebody was faster.
    """
    lock(invitation.person)
    lock(invitation)
    access.require(rules.resend_invitation, by, invitation)
    last = Invitation.objects.filter(person=invitation.person).order_by("pk").last()
    if invitation.sendings != shown or last != invitation:
        raise ValidationError(_("It was sent again a moment ago. Nothing was mailed now."))
    facts = {name: getattr(invitation, name) for name in Purpose.__dataclass_fields__}
    return _mail_anew(invitation, User.objects.get(person=invitation.person), Purpose(**facts), by)


@action
def revoke_invitation(*, invitation: Invitation, by: Actor) -> None:
    """Its link opens nothing any more, nor does the page that mails password links. Roles stay as they are."""
    lock(invitation.person)
    lock(invitation)
    access.require(rules.revoke_invitation, by, invitation)
    _take_back(invitation, by)


def _take_back(invitation: Invitation, by: Actor) -> None:
    store(invitation, {"token": None})
    changed = store(invitation, {"revoked_at": timezone.now(), "revoked_by": by.ref})
    audit.record("invitation.revoked", invitation, by=by, name=invitation.person.name, changes=changed)


@action
def withdraw_invitations(*, person: Person, by: Actor) -> None:
    """What stands for this person, when their sign-in is closed. Part of an action that has locked the person."""
    for invitation in Invitation.objects.standing().filter(person=person):
        _take_back(invitation, by)


@action
def release_invitation(*, person: Person, place: str, role: str, by: Actor) -> None:
    """A role has ended. The invitation that was for it stands for another role that they have or are to have, or is taken back.

    place, role: as in its Purpose. Part of the action that ended the role and has locked the person.
    """
    for invitation in Invitation.objects.standing().filter(person=person, place=place, role=role):
        lock(invitation)
        lasting = rules.purposes_of(person)
        if not lasting:
            _take_back(invitation, by)
        elif (place, role) not in [(purpose.place, purpose.role) for purpose in lasting]:
            changed = store(invitation, vars(lasting[0]))
            words = {"name": person.name, "what": lasting[0].what}
            audit.record("invitation.turned", invitation, by=by, changes={"what": changed["what"]}, **words)


@action
def forget_invitations(*, rows: QuerySet[Invitation], by: Actor) -> int:
    """Of those that are over: where the mail went. The row stays, because it says that the way in is closed."""
    return rows.update(email="", token=None)


@action
def invite_again(*, user: User, by: Actor) -> bool:
    """Whether this sign-in waits for its first visit: then a new invitation goes out, wherever it has its address now.

    Part of an action that has locked the person, and has changed what the earlier link rested on.
    """
    last = Invitation.objects.filter(person=user.person).order_by("pk").last()
    if last is None or last.consumed_at or user.came_in or not user.is_active:
        return False
    purpose = Purpose(**{name: getattr(last, name) for name in Purpose.__dataclass_fields__})
    _mail_anew(last, user, purpose, by)
    return True


# What whoever holds the link may do: nobody is signed in, and nobody gets signed in.


@action
def accept_invitation(*, digest: str, by: Actor) -> bool:
    """Use it up, and mail a link that sets a password to the address that the sign-in has. Once, however often it is asked.

    digest: the SHA-256 of the secret. False for a link that opens nothing; True again for a second click within minutes.
    """
    invitation = Invitation.objects.filter(token=digest).select_related("person").first()
    if invitation is None:
        return False
    lock(invitation.person)
    lock(invitation)
    user = User.objects.filter(person=invitation.person).first()
    if invitation.consumed_at:
        return timezone.now() - invitation.consumed_at < A_MOMENT
    if invitation.token != digest or not invitation.is_open or user is None or not user.is_active or user.came_in:
        return False
    _use(invitation, by)
    later("accounts.mail_password_link", str(user.pk), timezone.now().isoformat())
    return True


def _use(invitation: Invitation, by: Actor) -> None:
    changed = store(invitation, {"consumed_at": timezone.now()})
    audit.record("invitation.used", invitation, by=by, name=invitation.person.name, changes=changed)


@action
def ask_invitation(*, digest: str, by: Actor) -> None:
    """Whoever holds a link that has expired asks for another: it stands on the desk of those who invite. Else nothing happens."""
    invitation = Invitation.objects.filter(token=digest).select_related("person").first()
    if invitation is not None:
        lock(invitation.person)
        lock(invitation)
        if invitation.token == digest:
            _ask(invitation, by)


def _ask(invitation: Invitation, by: Actor) -> None:
    if invitation.standing == InvitationState.EXPIRED and invitation.asked_at is None:
        changed = store(invitation, {"asked_at": timezone.now()})
        audit.record("invitation.asked", invitation, by=by, name=invitation.person.name, changes=changed)


@action
def admit(*, user: User, by: Actor) -> bool:
    """Whether a link that sets a password may be mailed to this sign-in. It uses up an invitation that is open: the mail proves
    the same address. One that has expired or was taken back stays closed here as well, and who has the expired one is told.
    """
    if user.person is None:
        return True
    lock(user.person)
    user.refresh_from_db()
    last = Invitation.objects.filter(person=user.person).order_by("pk").last()
    if user.came_in or last is None or last.consumed_at:
        return True
    if last.is_open:
        _use(last, by)
        return True
    if last.standing == InvitationState.EXPIRED:
        _ask(last, by)
        notices.invitation_ended(last, user)
    return False


# The mail itself. Its secret is made when it leaves, and stands nowhere.


@action
def seal_invitation(*, ref: str, sending: int, by: Actor) -> tuple[Invitation, str] | None:
    """(the invitation, a secret of 256 bits of which it has the SHA-256 from now on); None when there is nothing to send.

    Tried again, it makes another: the secret of a mail that did not leave is of no use.
    """
    invitation = Invitation.objects.filter(ref=ref).select_related("person").first()
    if invitation is None:
        return None
    lock(invitation)
    if not invitation.is_open or invitation.sendings != sending or invitation.sent_at:
        return None
    secret = secrets.token_urlsafe(32)
    store(invitation, {"token": codes.digest_of(secret)})
    return invitation, secret


@action
def note_invitation_sent(*, invitation: Invitation, by: Actor) -> None:
    """The mail server has taken it."""
    lock(invitation)
    store(invitation, {"sent_at": timezone.now(), "error": ""})


@action
def note_invitation_failure(*, invitation: Invitation, error: str, by: Actor) -> None:
    """The mail server has not taken it; the job asks again later."""
    lock(invitation)
    store(invitation, {"error": error})
