"""The roles, as data. Add a role: one entry here. Its permissions count only where a live row gives the role."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """A name in code, a name for people, what it is for in one sentence, and what it allows where it is held.

    `signing`: what a role in an organisation allows, besides, in every programme that the organisation signs for.
    `second_step`: who holds it comes in with more than a password (docs/adr/0018).
    """

    slug: str
    label: Any
    sentence: Any
    perms: frozenset[str]
    signing: frozenset[str] = frozenset()
    second_step: bool = False


def _table(*roles: Role) -> dict[str, Role]:
    return {role.slug: role for role in roles}


def _perms(names: str) -> frozenset[str]:
    return frozenset(names.split())


INSIDE = "partnerships.view_organisation mou.view_agreement fellowships.view_cycle fellowships.receive_handover"
AT_A_HOST = f"{INSIDE} fellowships.view_placement fellowships.view_handover"
# The organisation that signs for a programme is one of the two partners: who reads its agreements reads who works where.
SIGNING = _perms("partnerships.view_programme fellowships.view_cycle fellowships.view_placement")

MEMBER_ROLES = _table(
    Role(
        "lead",
        _("Lead"),
        _("Answers for the organisation’s part."),
        _perms(
            f"{AT_A_HOST} fellowships.assign_handover fellowships.waive_handover "
            "partnerships.view_hackathon partnerships.answer_follow_up"
        ),
        SIGNING | _perms("fellowships.view_handover partnerships.view_hackathon"),
    ),
    Role(
        "official",
        _("Official"),
        _("Works there and sees the organisation; receives work that is handed over."),
        _perms("partnerships.view_organisation fellowships.receive_handover"),
    ),
    Role("reviewer", _("Legal reviewer"), _("Reads agreements before they are signed."), _perms(INSIDE), SIGNING),
    Role(
        "signatory",
        _("Signatory"),
        _("Signs agreements for the organisation."),
        _perms(f"{INSIDE} mou.sign_agreement"),
        SIGNING,
        second_step=True,
    ),
    Role(
        "supervisor",
        _("Site supervisor"),
        _("Guides fellows from day to day."),
        _perms(f"{AT_A_HOST} fellowships.assign_handover"),
        SIGNING,
    ),
    Role(
        "sponsor",
        _("Executive sponsor"),
        _("Removes obstacles."),
        _perms(f"{AT_A_HOST} fellowships.waive_handover partnerships.view_hackathon"),
        SIGNING,
    ),
)
PROGRAMME_ROLES = _table(
    Role(
        "coordinator",
        _("Programme coordinator"),
        _("Runs the programme: cycles, placements, agreements and the people in them."),
        _perms(
            "partnerships.view_organisation partnerships.edit_organisation partnerships.add_member "
            "partnerships.view_programme partnerships.edit_programme accounts.view_person accounts.keep_sign_in "
            "accounts.shield_person partnerships.view_hackathon partnerships.edit_hackathon partnerships.answer_follow_up "
            "mou.view_agreement mou.draft_agreement mou.send_agreement mou.share_agreement mou.publish_agreement "
            "fellowships.view_cycle fellowships.edit_cycle fellowships.view_placement fellowships.edit_placement "
            "fellowships.view_handover fellowships.edit_handover fellowships.assign_handover fellowships.waive_handover "
            "cms.edit_pages wagtailadmin.access_admin core.read_log"
        ),
        second_step=True,
    ),
    Role("editor", _("Editor"), _("Writes the public pages."), _perms("cms.edit_pages wagtailadmin.access_admin")),
    Role(
        "auditor",
        _("Auditor"),
        _("Reads everything of the programme and changes nothing."),
        _perms(
            "partnerships.view_organisation partnerships.view_programme partnerships.view_hackathon mou.view_agreement "
            "fellowships.view_cycle fellowships.view_placement fellowships.view_handover core.read_log"
        ),
    ),
)
# Held for the whole site. Given and ended by the command line alone: an administrator makes no other.
SITE_ROLES = _table(
    Role(
        "administrator",
        _("Administrator"),
        _("Opens programmes, says who runs and audits them, and keeps sign-ins in order. Reads no agreement."),
        _perms(
            "partnerships.view_organisation partnerships.view_programme partnerships.edit_programme "
            "partnerships.open_programme partnerships.give_programme_role "
            "accounts.view_person accounts.keep_sign_in accounts.change_address accounts.shield_person "
            "accounts.answer_request core.read_log"
        ),
        second_step=True,
    ),
)
SITE_PERMS = frozenset[str]().union(*(role.perms for role in SITE_ROLES.values()))

# What anybody may do with what is about themselves: the scope "person".
OWN_PERMS = _perms(
    "fellowships.view_placement fellowships.view_cycle fellowships.view_handover fellowships.edit_handover "
    "partnerships.view_hackathon partnerships.answer_follow_up"
)


def choices(roles: Iterable[Role]) -> list[tuple[str, Any]]:
    """For a select: (slug, label)."""
    return [(role.slug, role.label) for role in roles]


def member_role_choices() -> list[tuple[str, Any]]:
    """Callable, so that a new role needs no migration."""
    return choices(MEMBER_ROLES.values())


def programme_role_choices() -> list[tuple[str, Any]]:
    """Callable, so that a new role needs no migration."""
    return choices(PROGRAMME_ROLES.values())


def site_role_choices() -> list[tuple[str, Any]]:
    """Callable, so that a new role needs no migration."""
    return choices(SITE_ROLES.values())
