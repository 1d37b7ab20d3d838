"""The roles, as data. Add a role: one entry here. Its permissions count only where a live row gives the role."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """A name in code, a name for people, what it is for in one sentence, and what it allows where it is held.

    `signing`: what a role in an organisation allows, besides, in every programme that the organisation signs for.
    `second_step`: who holds it comes in with more than a password (docs/adr/0018). `through`: what makes somebody one, where it
    is no row of a role.
    """

    slug: str
    label: Any
    sentence: Any
    perms: frozenset[str]
    signing: frozenset[str] = frozenset()
    second_step: bool = False
    through: Any = ""


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
            "partnerships.view_hackathon partnerships.answer_follow_up partnerships.correct_organisation"
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
    # Of an organisation that signs for a programme. A lead has, besides, what a host does with the work of its fellows.
    Role(
        "ngo_lead",
        _("NGO lead"),
        _("Answers for the NGO’s part towards the hosts: reads what it signs for, and reports what it owes."),
        _perms("partnerships.view_organisation mou.view_agreement"),
        SIGNING | _perms("fellowships.view_handover partnerships.view_hackathon"),
    ),
    Role(
        "ngo_member",
        _("NGO member"),
        _("Works in the NGO: reads the cycles and placements of the programmes it signs for, and no agreement."),
        _perms("partnerships.view_organisation"),
        SIGNING,
    ),
)
PROGRAMME_ROLES = _table(
    Role(
        "coordinator",
        _("Programme coordinator"),
        _("Runs the programme: cycles, placements, agreements and the people in them."),
        _perms(
            "partnerships.view_organisation partnerships.edit_organisation partnerships.correct_organisation "
            "partnerships.add_member partnerships.view_programme partnerships.edit_programme "
            "accounts.view_person accounts.keep_sign_in accounts.shield_person "
            "partnerships.view_hackathon partnerships.edit_hackathon partnerships.answer_follow_up "
            "mou.view_agreement mou.draft_agreement mou.send_agreement mou.share_agreement mou.publish_agreement "
            "fellowships.view_cycle fellowships.edit_cycle fellowships.view_placement fellowships.edit_placement "
            "fellowships.share_cycle fellowships.share_placement partnerships.share_hackathon "
            "fellowships.view_handover fellowships.edit_handover fellowships.assign_handover fellowships.waive_handover "
            "cms.edit_pages wagtailadmin.access_admin core.read_log"
        ),
        second_step=True,
    ),
    Role(
        "finance",
        _("Finance"),
        _("Reads what the programme agreed, with whom, for whom and what is due, for its money. Changes nothing."),
        _perms(
            "partnerships.view_organisation partnerships.view_programme mou.view_agreement fellowships.view_cycle "
            "fellowships.view_placement"
        ),
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
            "accounts.answer_request core.read_log core.hold_retention"
        ),
        second_step=True,
    ),
)
MEMBER_PERMS = frozenset[str]().union(*(role.perms | role.signing for role in MEMBER_ROLES.values()))
PROGRAMME_PERMS = frozenset[str]().union(*(role.perms for role in PROGRAMME_ROLES.values()))
SITE_PERMS = frozenset[str]().union(*(role.perms for role in SITE_ROLES.values()))

# By the part that somebody takes: a row that names them, or a share of one record. Nobody is given these as a role.
PART_ROLES = _table(
    Role(
        "fellow",
        _("Fellow"),
        _("Takes part in a cycle, works at a host and hands the work over."),
        _perms("fellowships.view_placement fellowships.view_cycle fellowships.view_handover fellowships.edit_handover"),
        through=_("A place in a cycle."),
    ),
    Role(
        "owner",
        _("Owner of an output"),
        _("Answers at their organisation for what a hackathon made, and says what became of it."),
        _perms("partnerships.view_hackathon partnerships.answer_follow_up"),
        through=_("The name on the output, as long as they work at its agency."),
    ),
    Role(
        "mentor",
        _("Mentor"),
        _("Accompanies one fellow: reads the placement with its handover as the fellow does, and writes nothing."),
        _perms("fellowships.view_placement fellowships.view_cycle fellowships.view_handover"),
        through=_("A share of the placement."),
    ),
    Role(
        "juror",
        _("Juror"),
        _("Judges at one hackathon: reads all its outputs and what became of them."),
        _perms("partnerships.view_hackathon"),
        through=_("A share of the hackathon."),
    ),
    Role(
        "counsel",
        _("Outside counsel"),
        _("Reads one agreement, its text and its duties, and changes nothing."),
        _perms("mou.view_agreement"),
        through=_("A share of the agreement."),
    ),
    Role(
        "cycle_auditor",
        _("Auditor of one cycle"),
        _("Reads one cycle: its hosts, fellows, placements and handovers. Its agreements are shared one by one."),
        _perms("fellowships.view_cycle fellowships.view_placement fellowships.view_handover"),
        through=_("A share of the cycle."),
    ),
    Role(
        "applicant",
        _("Applicant"),
        _("Has applied for a place in a cycle. Nothing is open to it yet: there are no applications here."),
        frozenset(),
        through=_("An application."),
    ),
    Role(
        "application_reviewer",
        _("Reviewer of applications"),
        _("Reads the applications that are assigned. Nothing is open to it yet: there are no applications here."),
        frozenset(),
        through=_("An assignment."),
    ),
)
# What anybody may do with what is about themselves: the scope "person".
OWN_PERMS = PART_ROLES["fellow"].perms | PART_ROLES["owner"].perms


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
