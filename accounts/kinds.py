"""What may be consented to, and the sentences of the chain about people."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed


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


SENTENCES = {
    "invitation.made": _("%(who)s invited %(name)s: %(what)s. The link works until %(until)s."),
    "invitation.resent": _(
        "%(who)s sent the invitation of %(name)s again. The link works until %(until)s, every earlier one is dead."
    ),
    "invitation.revoked": _("%(who)s took the invitation of %(name)s back."),
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
                "shield_person unshield_person",
                _("Keep somebody off public pages"),
                "accounts.shield_person",
                besides=_("Each for themselves, and coordinators for the fellows of their cycles."),
            ),
        ),
    ),
)
