"""The kinds of organisation, by what two entries are taken for one, what can be imported, and the sentences of the chain."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.kinds import RECORD
from core.imports import Field, Kind, Schema
from core.imports.words import loose
from core.privacy import End, Nobody, Personal
from partnerships.states import OutputKind


@dataclass(frozen=True)
class MemberLine:
    """A line of a list of people: "name; address; role". `number` counts from 1, blank lines too."""

    number: int
    name: str
    email: str
    role: str


class OrganisationKind(models.TextChoices):
    """What an organisation is. An empty kind means that nobody has said."""

    AGENCY = "agency", _("Public agency")
    NGO = "ngo", _("Civil society organisation")
    COMMUNITY_GROUP = "community_group", _("Community group")
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University or school")
    FUNDER = "funder", _("Funder")
    CITIZENS_BODY = "citizens_body", _("Citizens' body")


# Roles that only fit some organisations. One of which nobody has said what it is may have any.
CIVIL = frozenset(
    {OrganisationKind.NGO, OrganisationKind.COMMUNITY_GROUP, OrganisationKind.UNIVERSITY, OrganisationKind.CITIZENS_BODY}
)
FITS: dict[str, frozenset[OrganisationKind]] = {"ngo_lead": CIVIL, "ngo_member": CIVIL}


def fits(role: str, kind: str) -> bool:
    """Whether an organisation of this kind has this role."""
    return not kind or kind in FITS.get(role, OrganisationKind)


class JurisdictionLevel(models.TextChoices):
    """Whose law an organisation lives under, or which government it is part of. Empty: nobody has said."""

    CITY = "city", _("City or municipality")
    REGION = "region", _("Region or state")
    NATION = "nation", _("Nation")


DEEPEST = 6  # an organisation, and departments below it: so many levels at most. The database refuses more.

# Words that an entry has and the next one of the same organisation may lack.
FILLERS = frozenset(
    [
        *(
            "a",
            "an",
            "and",
            "at",
            "for",
            "in",
            "of",
            "the",
            "das",
            "de",
            "der",
            "des",
            "die",
            "du",
            "für",
            "la",
            "le",
            "und",
            "von",
        ),
        *("ag", "asbl", "bv", "corp", "e", "eg", "ev", "gmbh", "inc", "llc", "ltd", "plc", "sa", "se", "v", "vzw"),
        *("association", "company", "corporation", "foundation", "incorporated", "limited", "stiftung", "verein"),
    ]
)


def traits(names: Iterable[str], registration: str = "") -> frozenset[str]:
    """What two entries of one organisation probably share: the words of a name in any order, without fillers, accents and
    capitals; where they are long, also without any one letter, so that a slip of the hand is seen (another number is another
    school); the registration number."""
    found = {f"#{loose(registration)}"} if loose(registration) else set()
    for name in names:
        words = sorted({word for word in loose(name).split() if word not in FILLERS}) or loose(name).split()
        bones = " ".join(words)
        if bones:
            found.add(bones)
        if len(bones) >= LONG:
            found |= {bones[:place] + bones[place + 1 :] for place, sign in enumerate(bones) if not sign.isdigit()}
    return frozenset(found)


LONG = 10  # letters from which on a single one makes no other name
MAPPINGS = Path(__file__).resolve().parent / "mappings"
ORGANISATION = Kind(
    "organisations",
    (
        Field("key", required=True, longest=200, help="What the organisation is called in the file: an id, a code or its name."),
        Field("name", required=True, longest=200, words=("organisation", "organization", "agency", "title")),
        Field("short_name", longest=60, words=("abbreviation", "acronym")),
        Field("presented_as", longest=200, words=("public name", "trading name", "presented to government as")),
        Field(
            "parent",
            "reference",
            refers_to="organisations",
            words=("part of", "department of", "belongs to", "parent organisation"),
            help="What it is a department of: an entry of the same file or of the register, in any order of rows.",
        ),
        Field(
            "jurisdiction_level",
            "choice",
            choices=tuple(JurisdictionLevel.values),
            choice_labels=tuple(JurisdictionLevel.labels),
            words=("level of government", "government level"),
        ),
        Field("jurisdiction", longest=100, words=("territory",), help="Whose law, by name: Ghent, Flanders, Belgium."),
        Field(
            "kind",
            "choice",
            choices=tuple(OrganisationKind.values),
            choice_labels=tuple(OrganisationKind.labels),
            words=("type", "category"),
        ),
        Field("website", "url", longest=500, words=("url", "homepage", "link")),
        Field("address", longest=300, words=("street",)),
        Field("notice_email", "email", longest=254, words=("email", "mail", "contact")),
        Field("legal_form", longest=100),
        Field("registration", longest=100, words=("registration number", "register number")),
        Field("legal_basis", longest=300),
        Field("city", longest=100, words=("town", "place")),
        Field("region", longest=100, words=("state", "province")),
        Field("country", longest=100),
        Field("about", words=("description", "summary")),
        Field("tags", many=True),
        Field("former_names", many=True, words=("previous names", "aliases")),
    ),
    names=("name",),
    tree="parent",
    deepest=DEEPEST,
)
SCHEMA = Schema((ORGANISATION,), "organisations")
OUTPUT = Kind(
    "outputs",
    (
        Field("key", required=True, longest=200, help="What the output is called in the file: a number, an id or its title."),
        Field("title", required=True, longest=200, words=("project", "output", "name")),
        Field("kind", "choice", choices=tuple(OutputKind.values), words=("type", "category")),
        Field("summary", longest=600, words=("description", "about")),
        Field("team_size", "integer", words=("team", "members", "people")),
        Field("users", "integer", words=("residents",), help="People of the team who live with the problem; at most the team."),
        Field("prize", "boolean", words=("winner", "won", "award")),
        Field("link", "url", longest=500, words=("url", "website", "repository")),
        Field("agency", "reference", refers_to="organisations", words=("institution", "challenge owner", "organisation")),
        Field("owner", "email", longest=254, words=("contact", "email"), help="How the owner signs in; they work at the agency."),
        Field("next_step", longest=300, words=("next", "next steps")),
    ),
    names=("title",),
)
OUTPUTS = Schema((ORGANISATION, OUTPUT), "outputs")

SENTENCES = {
    "follow_up.answered": _("%(who)s answered the question after %(days)s days: %(outcome)s."),
    "follow_up.answered_for": _("%(who)s answered the question after %(days)s days for %(name)s: %(outcome)s."),
    "follow_up.asked": _("%(who)s asked what became of it after %(days)s days."),
    "follow_up.corrected": _("%(who)s corrected the answer after %(days)s days: %(outcome)s, before %(before)s. Why: %(why)s"),
    "follow_up.given_up": _("The question after %(days)s days and two reminders had no answer: it counts as unknown."),
    "follow_up.passed_over": _("The question after %(days)s days was not asked: the next was due. It counts as unknown."),
    "follow_up.reminded": _("%(who)s sent reminder %(number)s of the question after %(days)s days."),
    "hackathon.closed": _("%(who)s closed the hackathon: %(questions)s questions about %(outputs)s outputs are planned."),
    "hackathon.edited": _("%(who)s changed %(fields)s."),
    "hackathon.opened": _("%(who)s opened the hackathon."),
    "hackathon.shared": _("%(who)s shared the hackathon with %(name)s."),
    "hackathon.unshared": _("%(who)s ended the share with %(name)s."),
    "hackathon.published": _("%(who)s published the hackathon."),
    "hackathon.unpublished": _("%(who)s took the hackathon off the public pages."),
    "output.added": _("%(who)s added the output."),
    "output.edited": _("%(who)s changed %(fields)s."),
    "output.imported": _("%(who)s imported the output from %(source)s."),
    "output.owner_named": _("%(who)s named %(name)s of %(agency)s as its owner."),
    "output.removed": _("%(who)s took out the output “%(title)s”."),
    "organisation.added": _("%(who)s added the organisation."),
    "organisation.edited": _("%(who)s changed %(fields)s."),
    "organisation.corrected": _("%(who)s corrected %(fields)s."),
    "organisation.placed": _("%(who)s made it a department of %(parent)s, as %(source)s says."),
    "organisation.reinstated": _("%(who)s took it back that this is the same organisation as %(name)s: %(reason)s"),
    "organisation.superseded": _(
        "%(who)s said that this is the same organisation as %(name)s, which is used from now on: %(reason)s"
    ),
    "organisation.stands_alone": _("%(who)s took it back that %(name)s is a second entry of this organisation: %(reason)s"),
    "organisation.stands_for": _("%(who)s said that %(name)s is a second entry of this organisation: %(reason)s"),
    "organisation.shielded": _("%(who)s marked the organisation as sensitive: %(reason)s"),
    "organisation.unshielded": _("%(who)s lifted the mark “sensitive”: %(reason)s"),
    "organisation.imported": _("%(who)s imported the organisation from %(source)s."),
    "organisation.member_added": _("%(who)s added %(name)s as %(role)s."),
    "organisation.member_left": _("%(who)s ended the role of %(name)s as %(role)s."),
    "organisation.member_dated": _("%(who)s corrected the days of %(name)s as %(role)s: %(days)s."),
    "programme.opened": _("%(who)s opened the programme."),
    "programme.edited": _("%(who)s changed %(fields)s."),
    "programme.role_given": _("%(who)s made %(name)s %(role)s."),
    "programme.role_dated": _("%(who)s corrected the days of %(name)s as %(role)s: %(days)s."),
    "programme.role_ended": _("%(who)s ended the role of %(name)s as %(role)s."),
}


# What is kept of people.

PLACES = _("Words about an organisation, not about a person; where somebody is named in them, the texts are searched.")
ORGANISATIONS = Nobody(PLACES)
MEMBERSHIP = Personal(
    _("Roles in organisations"),
    ("person",),
    ("organisation", "role_label", "title", "since", "until"),
    End.EMPTIED,
    _("Who acted for an organisation, and from when until when, explains what was agreed; the job title goes."),
    {"title": ""},
)
PROGRAMME = Nobody(_("The name of a programme."))
PROGRAMME_ROLE = Personal(_("Roles in programmes"), ("person",), ("programme", "role_label", "since", "until"), because=RECORD)
HACKATHON = Personal(
    _("Hackathons published"),
    ("published_by",),
    ("ref", "title", "published_at"),
    because=_("That somebody decided on publishing stays known; by whom is a reference without a name."),
)
HACKATHON_SHARE = Personal(_("Hackathons shared with the person"), ("user",), ("content_object", "since", "until"), End.DELETED)
ABOUT_OUTPUT = Personal(
    _("Outputs answered for"),
    ("owner",),
    ("ref", "title", "agency", "next_step"),
    because=_(
        "A closed hackathon has to have somebody for each output; it is a reference without a name until another is named."
    ),
)
FOLLOW_UP = Personal(
    _("Answers given about outputs"),
    ("answered_by",),
    ("output", "days", "outcome", "evidence", "reason", "answered_on"),
    because=_("What became of an output is public record; who said so is a reference without a name."),
)
EARLIER_ANSWER = Personal(
    _("Answers that were corrected"),
    ("answered_by",),
    ("follow_up", "outcome", "evidence", "reason", "answered_on", "why"),
    because=_("An answer that was corrected stays as it was given (archiving in the public interest, GDPR art. 17(3)(d))."),
    frozen=("evidence", "reason", "why"),
)
