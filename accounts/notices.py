"""Who is told what about their sign-in."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.kinds import EXPORT_DAYS, INVITED_FOR
from accounts.models import Export, Invitation, Person, User, addresses_of, names_of
from core import notify
from core.access import HOUSE, Actor


def _now() -> str:
    """Part of the key of what may happen more than once."""
    return timezone.now().isoformat()


def password_set(user: User) -> None:
    """To whom the sign-in belongs: if it was somebody else, they read it here."""
    text = notify.Text(
        subject=_("Your password was set"),
        lines=(
            _("Somebody used the link that we mailed to this address and set a new password. Every earlier session is closed."),
            _("If it was you, there is nothing to do. If not, set another one now, and tell whoever runs this site."),
        ),
        link=reverse("account_reset_password"),
        link_label=_("Set another password"),
        why=_("You get this mail because the password of your sign-in changed. It cannot be turned off."),
    )
    notify.post(f"password-set:{user.pk}:{_now()}", [user.email], text, about=user)


def sign_in_deactivated(user: User, reason: str) -> None:
    """To whom it belongs: it was not them, and they may know better."""
    text = notify.Text(
        subject=_("Your sign-in was deactivated"),
        lines=(
            _("You cannot sign in for the time being, and every session of yours is closed. The reason given: %(reason)s")
            % {"reason": reason},
            _("Your roles and what you signed stay on record. If this is a mistake, tell the coordinator you work with."),
        ),
        why=_("You get this mail because your sign-in was deactivated. It cannot be turned off."),
    )
    notify.post(f"sign-in-deactivated:{user.pk}:{_now()}", [user.email], text, about=user)


def unshielded(user: User, reason: str) -> None:
    """To whom the name belongs, when somebody else lets it be shown again: they can take that back at once."""
    text = notify.Text(
        subject=_("Your name can stand on public pages again"),
        lines=(
            _("Somebody who looks after your record lifted the mark “sensitive”. The reason given: %(reason)s")
            % {"reason": reason},
            _("Your name stands where you agreed to it. If it must not, open your record and keep it off every public page."),
        ),
        link=reverse("accounts:own_record"),
        link_label=_("Open my record"),
        why=_("You get this mail because your record was changed by somebody else. It cannot be turned off."),
    )
    notify.post(f"unshielded:{user.pk}:{_now()}", [user.email], text, about=user)


def sign_in_reactivated(user: User) -> None:
    """To whom it belongs: how to come in again."""
    text = notify.Text(
        subject=_("Your sign-in is open again"),
        lines=(
            _("You can sign in with this address again."),
            _("Your old password no longer counts: choose “Set or forgot password” there, and we mail you a link that sets one."),
        ),
        link=reverse("account_login"),
        link_label=_("Sign in"),
        why=_("You get this mail because your sign-in was reactivated. It cannot be turned off."),
    )
    notify.post(f"sign-in-reactivated:{user.pk}:{_now()}", [user.email], text, about=user)


def address_changed(user: User, before: str, *, invited: bool) -> None:
    """To the old address, which may be a stranger's: not the new one. To the new one how to come in, if no invitation says it."""
    name, now = user.get_full_name(), _now()
    gone = notify.Text(
        subject=_("The address of your sign-in was changed"),
        lines=(
            _("%(name)s now signs in with another address. This one opens nothing any more, and every session is closed.")
            % {"name": name},
            _("If you are %(name)s and know nothing of it, tell the coordinator you work with at once.") % {"name": name},
        ),
        why=_("You get this mail because this was the address of the sign-in. It cannot be turned off."),
    )
    notify.post(f"address-left:{user.pk}:{now}", [before], gone, about=user)
    if user.is_active and not invited:
        here = notify.Text(
            subject=_("You sign in with this address now"),
            lines=(
                _("The sign-in of %(name)s has this address from now on.") % {"name": name},
                _("Choose “Set or forgot password” there: we mail you a link that sets your password. No old one counts."),
            ),
            link=reverse("account_login"),
            link_label=_("Sign in"),
            why=_("You get this mail because an administrator entered this address. It cannot be turned off."),
        )
        notify.post(f"address-taken:{user.pk}:{now}", [user.email], here, about=user)


def second_step_added(user: User, step: str) -> None:
    """To whom the sign-in belongs: a stranger who has the password would set one up as well."""
    _told(
        user,
        "second-step-added",
        _("A second step was set up for your sign-in"),
        (
            _("From now on you come in with your password and a second step: %(step)s.") % {"step": step},
            _("If it was you, there is nothing to do. Keep the recovery codes where you find them without your phone."),
        ),
    )


def second_step_removed(user: User, step: str) -> None:
    """To whom the sign-in belongs."""
    _told(
        user,
        "second-step-removed",
        _("A second step of your sign-in was removed"),
        (_("It does not open your sign-in any more: %(step)s.") % {"step": step},),
    )


def recovery_codes_made(user: User) -> None:
    """To whom the sign-in belongs."""
    _told(user, "recovery-codes-made", _("You have new recovery codes"), (_("The old ones count no more."),))


def recovery_code_used(user: User, left: int) -> None:
    """To whom the sign-in belongs: it is what somebody uses who found the paper."""
    _told(
        user,
        "recovery-code-used",
        _("A recovery code of yours was used"),
        (
            _("Somebody came in with your password and a recovery code. Codes that are left: %(left)s.") % {"left": left},
            _("If it was you, set up your new app or passkey now, and make new codes when few are left."),
        ),
    )


def second_steps_cleared(user: User, reason: str) -> None:
    """To whom the sign-in belongs: how to come in again, and that it was done."""
    _told(
        user,
        "second-steps-cleared",
        _("The second step of your sign-in was removed"),
        (
            _("Somebody who looks after sign-ins removed it. The reason given: %(reason)s") % {"reason": reason},
            _(
                "Every session is closed and your old password counts no more. Choose “Set or forgot password” at the sign-in "
                "page, come in, and set up a new second step."
            ),
        ),
    )


def _told(user: User, occasion: str, subject: str, lines: tuple[str, ...]) -> None:
    if occasion != "second-steps-cleared":
        lines += (_("If it was not you, set another password at once, and tell whoever runs this site."),)
    text = notify.Text(
        subject=subject,
        lines=lines,
        link=reverse("account_reset_password"),
        link_label=_("Set another password"),
        why=_("You get this mail because how you sign in changed. It cannot be turned off."),
    )
    notify.post(f"{occasion}:{user.pk}:{_now()}", [user.email], text, about=user)


# Invitations.


def inviter_of(ref: str) -> str:
    """The printed name of who invites, or of whom the command line is."""
    return str(_("The operator of this site")) if ref == HOUSE.ref else names_of([ref]).get(ref, str(_("Somebody")))


def invitation_text(invitation: Invitation, link: str) -> dict[str, object]:
    """What core/mail.txt and core/mail.html take: also for the preview, whose link leads nowhere."""
    until = date_format(timezone.localtime(invitation.expires), "j F Y")
    return {
        "subject": _("Invitation: %(what)s") % {"what": invitation.what},
        "lines": (
            _("%(who)s invites you to Common Ground, where the partners of a programme work together.")
            % {"who": inviter_of(invitation.by)},
            _("Open the link, read what it is, and answer. We then mail you another link, with which you set a password."),
            _("This link works once, until %(until)s. It lets nobody in: if you forward it, the second mail still comes to you.")
            % {"until": until},
        ),
        "facts": [(_("For"), invitation.person.name), (_("As"), invitation.what), (_("Until"), until)],
        "link": link,
        "link_label": _("Read the invitation"),
        "why": _("You get this mail because %(who)s entered this address. If you expected none, do nothing.")
        % {"who": inviter_of(invitation.by)},
    }


@dataclass(frozen=True)
class Draft:
    """A mail as it will go out: to whom, its subject, its text."""

    to: str
    subject: str
    text: str


def drafts(invited: Iterable[tuple[Person, str, str]], by: Actor) -> list[Draft]:
    """(person, address, what to) -> the mails as they will go out, but for the link, which is made when they leave."""
    until, link = timezone.now() + INVITED_FOR, urljoin(settings.BASE_URL, reverse("invitation_open", args=["…"]))
    found = []
    for person, address, what in invited:
        text = invitation_text(Invitation(person=person, email=address, what=what, by=by.ref, expires=until), unquote(link))
        found.append(Draft(address, str(text["subject"]), render_to_string("core/mail.txt", text)))
    return found


def invitation_ended(invitation: Invitation, user: User) -> None:
    """To whom it was sent, who wanted to set a password without it: why no link comes, and who is told."""
    words = {"who": inviter_of(invitation.by), "day": date_format(timezone.localtime(invitation.expires), "j F Y")}
    text = notify.Text(
        subject=_("Your invitation has expired"),
        lines=(
            _("A link to set a password was asked for with this address. The invitation to it ended on %(day)s, so none comes.")
            % words,
            _("That you want a new one now stands on the desk of those who invite. %(who)s sent the first.") % words,
        ),
        why=_("You get this mail because somebody asked for it on the sign-in page with this address."),
    )
    notify.post(f"invitation-ended:{invitation.ref}:{invitation.sendings}", [user.email], text, about=invitation)


def export_made(export: Export) -> None:
    """To whom it is about: where it waits, and for how long. Somebody without a sign-in gets it from who asked."""
    text = notify.Text(
        subject=_("The copy of your data is ready"),
        lines=(
            _("Everything that is kept of you here is packed: tables, your files, and a page that says what is what."),
            _("It waits for %(days)s days, then it is deleted. Only you can open it, after signing in.") % {"days": EXPORT_DAYS},
        ),
        link=reverse("accounts:export_detail", args=[export.ref]),
        link_label=_("Take it along"),
        why=_("You get this mail because you, or an administrator for you, asked for the copy."),
    )
    notify.post(f"export-made:{export.ref}", addresses_of([export.person_id]), text, about=export.person)


def erasure_refused(person: Person, reason: str) -> None:
    """To who asked: the answer, and where else they may turn."""
    text = notify.Text(
        subject=_("Your data are not erased"),
        lines=(
            _("You asked to be erased. The answer is no, for this reason: %(reason)s") % {"reason": reason},
            _("You can ask again when the reason is gone. Your data protection authority hears complaints."),
        ),
        link=reverse("accounts:own_record"),
        link_label=_("Open my record"),
        why=_("You get this mail because you asked to be erased. It cannot be turned off."),
    )
    notify.post(f"erasure-refused:{person.ref}:{_now()}", addresses_of([person]), text, about=person)
