"""What may be consented to, and the sentences of the chain about people."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed
from core.privacy import End, Nobody, Personal


@dataclass(frozen=True)
class ConsentItem:
    """One thing a person may agree to; `version` changes with the text."""

    slug: str
    label: Any
    text: Any
    version: str


CONSENT_ITEMS = {
    item.slug: item
    for item in [
        ConsentItem(
            "public_name",
            _("My name on public pages"),
            _(
                "My name may stand on the public pages about the work I took part in. I can take this back at any time; "
                "it is then gone from every page at once. Agreements that I signed keep my printed name."
            ),
            "2026-11",
        ),
        ConsentItem(
            "photo",
            _("Photos of me"),
            _(
                "A photo on which I can be recognised may stand on the public pages. I can take this back at any time; the pages "
                "that show me are then without pictures at once."
            ),
            "2026-11",
        ),
        ConsentItem(
            "case_study",
            _("Case studies that tell of me"),
            _(
                "A public case study may name me and tell of my work. I can take this back at any time; what names me is then "
                "read by nobody until my name is taken out, and my placement leaves every case study."
            ),
            "2026-11",
        ),
        ConsentItem(
            "alumni_contact",
            _("Contact after my time"),
            _(
                "The programme may write to me after my placement has ended, about what became of the work and about those who "
                "come after me. I can take this back at any time; nobody writes to me for that any more."
            ),
            "2026-11",
        ),
    ]
}


def consent_choices() -> list[tuple[str, Any]]:
    """Callable, so that a new item needs no migration."""
    return [(item.slug, item.label) for item in CONSENT_ITEMS.values()]


class SignInState(models.TextChoices):
    """Whether a sign-in opens: worked out from the sign-in, never stored."""

    OPEN = "open", _("Open")
    NO_PASSWORD = "no_password", _("No password yet")
    DEACTIVATED = "deactivated", _("Deactivated")
    NONE = "none", _("None")

    @property
    def tone(self) -> str:
        return {"open": "good", "no_password": "wait", "deactivated": "bad", "none": "gone"}[self.value]


class InvitationState(models.TextChoices):
    """How an invitation stands: worked out from its moments, never stored."""

    OPEN = "open", _("Open")
    USED = "used", _("Used")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Taken back")

    @property
    def tone(self) -> str:
        return {"open": "info", "used": "good", "expired": "bad", "revoked": "gone"}[self.value]


INVITED_FOR = timedelta(days=14)
ENDS_SOON = timedelta(days=3)


@dataclass(frozen=True)
class Purpose:
    """What somebody is invited to. `what` is said to them ("Legal reviewer of Agency"), `where` is the name of the place.

    `place` is its reference ("app.model:REF"). `scope` with `scope_key` says who looks after the invitation: those who do so
    for this programme, for this organisation, or for the site.
    """

    what: str
    where: str
    place: str
    role: str
    scope: str
    scope_key: int | None = None


SITE_ROLE_PLACE = "accounts.siterole:"  # the `place` of a role on the whole site


SENTENCES = {
    "invitation.made": _("%(who)s invited %(name)s: %(what)s. The link works until %(until)s."),
    "invitation.resent": _(
        "%(who)s sent the invitation of %(name)s again. The link works until %(until)s, every earlier one is dead."
    ),
    "invitation.revoked": _("%(who)s took the invitation of %(name)s back."),
    "invitation.turned": _("The invitation of %(name)s stands for another role from now on: %(what)s."),
    "invitation.used": _("The invitation of %(name)s was used: a link that sets a password went to the address."),
    "invitation.asked": _("Somebody with the expired link of %(name)s asked for a new invitation."),
    "person.added": _("%(who)s added this person."),
    "person.renamed": _("%(who)s changed the name from “%(before)s” to “%(after)s”."),
    "person.shielded": _("%(who)s marked this person as sensitive: %(reason)s"),
    "person.unshielded": _("%(who)s lifted the mark “sensitive”: %(reason)s"),
    "person.sign_in_opened": _("%(who)s opened a sign-in."),
    "person.password_set": _("%(who)s set a new password."),
    "person.sign_in_closed": _("%(who)s closed the sign-in."),
    "person.sign_in_deactivated": _("%(who)s deactivated the sign-in: %(reason)s"),
    "person.sign_in_reactivated": _("%(who)s reactivated the sign-in: %(reason)s"),
    "person.address_changed": _("%(who)s changed the address of the sign-in: %(reason)s"),
    "person.second_step_added": _("%(who)s set up a second step for signing in: %(step)s."),
    "person.second_step_removed": _("%(who)s removed a second step for signing in: %(step)s."),
    "person.second_steps_cleared": _("%(who)s removed every second step for signing in: %(reason)s"),
    "person.recovery_codes_made": _("%(who)s made new recovery codes."),
    "person.recovery_code_used": _("%(who)s used a recovery code; %(left)s are left."),
    "person.session_ended": _("%(who)s ended a session."),
    "person.sessions_ended": _("%(who)s ended every other session."),
    "person.site_role_given": _("%(who)s gave the role %(role)s on this site."),
    "person.site_role_ended": _("%(who)s ended the role %(role)s on this site."),
    "person.export_asked": _("%(who)s asked for a copy of all data: %(reason)s"),
    "person.export_made": _("The copy of all data is ready: %(rows)s rows, %(files)s files."),
    "person.export_fetched": _("%(who)s took the copy of all data along."),
    "person.erasure_asked": _("%(who)s asked to be erased. The answer is due by %(day)s."),
    "person.erasure_taken_back": _("%(who)s took back the request to be erased."),
    "person.erasure_refused": _("%(who)s answered that the data are not erased: %(reason)s"),
    "person.erasure_confirmed": _("%(who)s decided to erase the person: %(reason)s"),
    "person.erasure_overtaken": _("Nothing was erased: %(reason)s"),
    "person.erased": _(
        "%(who)s erased the person: %(deleted)s rows deleted, %(emptied)s emptied, %(kept)s kept, %(texts)s texts."
    ),
    "person.consented": _("%(who)s agreed to “%(item)s”."),
    "person.consent_withdrawn": _("%(who)s took back the agreement to “%(item)s”."),
}


RUNS_NOTHING = _("Coordinators only for people of organisations who run nothing. Nobody for themselves.")
DEEDS = (
    Kind(
        _("Person and sign-in"),
        None,
        (
            deed("list_people view_person", _("See somebody and their sign-in"), "accounts.view_person"),
            deed(
                "keep_sign_in deactivate_sign_in reactivate_sign_in",
                _("Deactivate and reactivate a sign-in"),
                "accounts.keep_sign_in",
                besides=RUNS_NOTHING,
            ),
            deed(
                "change_address clear_steps",
                _("Change the address of a sign-in; remove second steps"),
                "accounts.change_address",
                besides=_("Not who gives roles in organisations. Not for who acts or acted for others: that is the operator’s."),
            ),
            deed(
                "list_invitations view_invitation",
                _("See who was invited and who has answered"),
                "accounts.view_person",
            ),
            deed(
                "keep_invitation resend_invitation",
                _("Send an invitation again; take it back"),
                "accounts.keep_sign_in",
                besides=_("Until it was answered."),
            ),
            deed(
                "answer_request refuse_erasure view_erasure erase_person ask_export",
                _("Hand out what is kept of somebody; erase them, or say why not"),
                "accounts.answer_request",
                besides=_("Each takes along their own, and asks to be erased. Nobody answers their own request."),
            ),
            deed(
                "shield_person unshield_person",
                _("Keep somebody off public pages"),
                "accounts.shield_person",
                besides=_("Each for themselves, and coordinators for the fellows of their cycles."),
            ),
        ),
    ),
)


# What is kept of people.

EXPORT_DAYS = 7  # so long a copy of somebody's data waits to be taken along
ERASED = "Erased person"  # what stands in the place of the name; shown in the language of the reader
RECORD = _(
    "Signed agreements and what was done under them have to be provable (GDPR art. 17(3)(b) and (e)). The row leads to a "
    "reference without a name."
)
PERSON = Personal(
    _("Record of the person"),
    ("pk",),
    ("ref", "name", "sensitive", "created"),
    End.EMPTIED,
    _("What others did with the person keeps somebody to lead to: a reference without a name."),
    {"name": ERASED, "sensitive": False, "erased_at": lambda row, subject: timezone.now()},
)
USER = Personal(
    _("Sign-in"), ("person",), ("email", "first_name", "last_name", "date_joined", "last_login"), End.DELETED, spreads=True
)
SITE_ROLE = Personal(_("Roles on this site"), ("person",), ("role_label", "since", "until"), because=RECORD)
CONSENT = Personal(
    _("Consents"),
    ("person",),
    ("label", "version", "given_at", "withdrawn_at"),
    End.EMPTIED,
    _("That somebody had agreed has to be provable (GDPR art. 7(1)); each is withdrawn."),
    {"withdrawn_at": lambda row, subject: row.withdrawn_at or timezone.now()},
)
EXPORT = Personal(
    _("Copies of all data"), ("person",), ("created", "reason", "made_at", "until"), End.DELETED, files=("file",), drifts=True
)
ERASURE = Personal(
    _("Requests to be erased"),
    ("person",),
    ("asked_at", "wish", "answer_by", "refused_at", "reason"),
    End.EMPTIED,
    _("That somebody asked and was answered has to be provable (GDPR art. 5(2)); what they wrote goes."),
    {"wish": "", "also": lambda row, subject: []},
    drifts=True,
)
INVITATION = Personal(
    _("Invitations to the person"),
    ("person",),
    ("email", "what", "where", "created", "expires", "sent_at", "consumed_at", "revoked_at"),
    End.DELETED,
)
PERSONAL: dict[str, Any] = {
    "accounts.User_groups": Personal(_("Groups of the sign-in"), ("user",), ("group",), End.DELETED),
    "accounts.User_user_permissions": Personal(_("Permissions of the sign-in"), ("user",), ("permission",), End.DELETED),
    "account.EmailAddress": Personal(
        _("Addresses of the sign-in"), ("user",), ("email", "verified", "primary"), End.DELETED, spreads=True
    ),
    "account.EmailConfirmation": Personal(
        _("Addresses to be confirmed"), ("email_address__user",), ("created", "sent"), End.DELETED
    ),
    "mfa.Authenticator": Personal(_("Second steps"), ("user",), ("type", "created_at", "last_used_at"), End.DELETED),
    "socialaccount.SocialApp": Nobody(_("What a provider of single sign-on is called.")),
    "socialaccount.SocialAccount": Personal(
        _("Sign-ins by a provider"), ("user",), ("provider", "uid", "date_joined", "last_login"), End.DELETED, spreads=True
    ),
    "socialaccount.SocialToken": Personal(_("Keys of a provider"), ("account__user",), ("expires_at",), End.DELETED),
    "usersessions.UserSession": Personal(
        _("Where somebody is signed in"), ("user",), ("ip", "user_agent", "created_at", "last_seen_at"), End.DELETED, drifts=True
    ),
    "auth.Permission": Nobody(_("What a permission is called.")),
    "auth.Group": Nobody(_("What a group of permissions is called.")),
}
