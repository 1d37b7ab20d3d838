"""What of a cohort can be imported, the shipped plan of a handover, and the sentences of the chain about all of these."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.imports import Field, Kind, Schema
from core.privacy import End, Nobody, Personal
from fellowships.states import ProjectStatus
from partnerships.kinds import ORGANISATION

MAPPINGS = Path(__file__).resolve().parent / "mappings"
# Words by which lists say how far a project is, for suggestions: a person decides.
STATUS_HINTS = (
    (ProjectStatus.PROPOSED.value, "upcoming, planned, idea, proposal, geplant, idee, konzept, machbarkeitsstudie"),
    (
        ProjectStatus.RUNNING.value,
        "active, current, ongoing, in progress, in development, live, laufend, aktiv, in arbeit, in entwicklung, entwicklung, "
        "produktivbetrieb, im produktivbetrieb, prototyp",
    ),
    (ProjectStatus.FINISHED.value, "done, completed, complete, past, released, abgeschlossen, fertig, beendet"),
    (ProjectStatus.STOPPED.value, "discontinued, dead, abandoned, cancelled, on hold, eingestellt, verwaist, festgefahren"),
)
PROJECT = Kind(
    "projects",
    (
        Field("key", required=True, longest=200, help=_("An id or short name that tells one project of this list from another.")),
        Field("title", required=True, longest=300, words=("project", "name")),
        Field(
            "organisation",
            "reference",
            refers_to="organisations",
            words=("agency", "host", "partner", "lab", "chapter", "team"),
            help=_("Whose project it is, by the key or the name of an organisation."),
        ),
        Field(
            "status",
            "choice",
            choices=tuple(ProjectStatus.values),
            choice_labels=tuple(ProjectStatus.labels),
            hints=STATUS_HINTS,
            words=("state", "stage", "phase"),
        ),
        Field("status_as_written", longest=100, help=_("Filled by itself where the status is: the word of the list stays.")),
        Field("summary", words=("description",)),
        Field("challenge", words=("problem", "question")),
        Field("link", "url", longest=500, words=("url", "website")),
        Field("about", words=("body", "text")),
    ),
    names=("title",),
)
PROJECTS = Schema((ORGANISATION, PROJECT), "projects")
COHORT = Schema(
    (
        Kind(
            "cycles",
            (
                Field("key", required=True, longest=200),
                Field("name", required=True, longest=120, words=("cycle", "cohort", "class", "round")),
                Field("year", "year"),
                Field("starts", "date", words=("start", "first day", "begin")),
                Field("ends", "date", words=("end", "last day", "finish")),
            ),
            names=("name",),
            in_order=(("starts", "ends"),),
        ),
        ORGANISATION,
        PROJECT,
        Kind(
            "fellows",
            (
                Field("key", required=True, longest=200),
                Field("name", longest=200, words=("fellow", "person", "full name")),
                Field("cycle", "reference", required=True, refers_to="cycles", words=("cohort", "class", "year")),
                Field("skills", many=True, words=("skill", "expertise")),
                Field("home", longest=200, words=("hometown", "location", "city")),
            ),
            names=("name",),
        ),
        Kind(
            "placements",
            (
                Field("key", required=True, longest=200),
                Field("fellow", "reference", required=True, refers_to="fellows", words=("person", "name")),
                Field("organisation", "reference", required=True, refers_to="organisations", words=("agency", "host")),
                Field("project", "reference", refers_to="projects"),
                Field("starts", "date", words=("start", "from")),
                Field("ends", "date", words=("end", "until")),
            ),
            in_order=(("starts", "ends"),),
        ),
    ),
    "cohort",
)

TEXTS = Path(__file__).resolve().parent / "texts"


@dataclass(frozen=True)
class Part:
    """A section of a handover as shipped: who owns it, when it is due, what it asks, and what "done" means."""

    key: str
    number: int
    title: str
    level: str
    owner_role: str
    rule: str
    questions: list[dict[str, Any]]  # {id, text, type, required} and, where there are any, help and choices
    done_means: str
    restricted: bool


@dataclass(frozen=True)
class Outline:
    """The plan of a handover as shipped: its sections, the dates that follow from the last day, and the roles of owners."""

    slug: str
    version: int
    parts: list[Part]
    milestones: list[dict[str, str]]  # {id, label, due}; `due` is a rule in the grammar of docs/due-rules.md
    roles: dict[str, dict[str, str]]  # id -> {label, asks}

    @property
    def accepted_by(self) -> str:
        """The rule for the day on which the whole plan is to be accepted."""
        return next(row["due"] for row in self.milestones if row["id"] == "accepted")


@lru_cache
def handover_outline() -> Outline:
    """Read once from the shipped file."""
    import yaml

    data = yaml.safe_load((TEXTS / "handover.yaml").read_bytes())
    return Outline(
        slug=data["id"],
        version=data["version"],
        parts=[
            Part(
                key=row["id"],
                number=row["number"],
                title=row["title"],
                level=row["level"],
                owner_role=row["owner_role"],
                rule=row["due"],
                questions=row["questions"],
                done_means=row["done_means"],
                restricted=row.get("visibility") == "restricted",
            )
            for row in data["sections"]
        ],
        milestones=[{name: row[name] for name in ("id", "label", "due")} for row in data["milestones"]],
        roles={row["id"]: {"label": row["label"], "asks": row["asks"]} for row in data["owner_roles"]},
    )


SENTENCES = {
    "cycle.opened": _("%(who)s opened the cycle."),
    "cycle.edited": _("%(who)s changed %(fields)s."),
    "cycle.imported": _("%(who)s imported the cycle from %(source)s."),
    "cycle.published": _("%(who)s published the cycle."),
    "cycle.unpublished": _("%(who)s took the cycle off the public pages."),
    "cycle.shared": _("%(who)s shared the cycle with %(name)s."),
    "cycle.unshared": _("%(who)s ended the share with %(name)s."),
    "placement.shared": _("%(who)s shared the placement with %(name)s."),
    "placement.unshared": _("%(who)s ended the share with %(name)s."),
    "fellow.imported": _("%(who)s imported the fellow from %(source)s."),
    "placement.imported": _("%(who)s imported the placement from %(source)s."),
    "project.imported": _("%(who)s imported the project from %(source)s."),
    "host.added": _("%(who)s added %(name)s as a host."),
    "host.agreement_drafted": _("%(who)s drafted agreement %(agreement)s for %(name)s."),
    "host.agreement_refreshed": _("%(who)s brought the draft up to the records."),
    "project.added": _("%(who)s added the project."),
    "project.edited": _("%(who)s changed %(fields)s."),
    "fellow.joined": _("%(who)s added %(name)s to the cycle."),
    "fellow.replaced": _("%(who)s added %(name)s in place of %(left)s."),
    "fellow.edited": _("%(who)s changed %(fields)s."),
    "fellow.invited": _("%(who)s invited the fellow to sign in."),
    "fellow.withdrawn": _("%(who)s recorded that the fellow left on %(left_on)s: %(reason)s"),
    "placement.added": _("%(who)s placed %(name)s at %(host)s."),
    "placement.edited": _("%(who)s changed %(fields)s."),
    "placement.planned": _("%(who)s planned the placement from %(starts)s to %(ends)s."),
    "placement.started": _("%(who)s started the placement under agreement %(agreement)s."),
    "placement.withdrawn": _("%(who)s ended the placement: %(reason)s"),
    "placement.completed": _("%(who)s completed the placement: %(met)s of %(musts)s required sections accepted or waived."),
    "handover.made": _("%(who)s opened the handover plan with %(sections)s sections."),
    "handover.dated": _("The dates of the handover follow the last day, %(ends)s; it is to be accepted by %(due)s."),
    "handover.lead_named": _("%(who)s named %(name)s to lead the handover at the host."),
    "section.assigned": _("%(who)s named %(name)s to receive “%(title)s”."),
    "section.written": _("%(who)s wrote “%(title)s”."),
    "section.offered": _("%(who)s offered “%(title)s” to %(name)s."),
    "section.accepted": _("%(who)s accepted “%(title)s”."),
    "section.sent_back": _("%(who)s sent “%(title)s” back: %(reason)s"),
    "section.waived": _("%(who)s waived “%(title)s”: %(reason)s"),
    "section.left_out": _("%(who)s left “%(title)s” out: %(reason)s"),
    "section.reopened": _("%(who)s changed “%(title)s”, which was %(before)s: it has to be offered and accepted again."),
}


# What is kept of people.

COUNTED = _("That a cycle had a place, and how it ended, is counted and stays; what was known of the person beyond that goes.")
CYCLE = Nobody(_("The name of a cycle."))
FELLOW = Personal(
    _("Parts in cycles"),
    ("person",),
    ("ref", "cycle", "state", "left_on", "reason", "skills", "home"),
    End.EMPTIED,
    COUNTED,
    {"reason": "", "skills": lambda row, subject: [], "home": ""},
    spreads=True,
)
PLACEMENT = Personal(
    _("Placements"),
    ("fellow__person",),
    ("ref", "host", "project", "state", "starts", "ends", "ended_on", "reason"),
    End.EMPTIED,
    COUNTED,
    {"reason": ""},
    spreads=True,
)
HANDED = _("What was handed over belongs to the host’s work; who wrote and received it is a reference without a name.")
HANDOVER = (
    Personal(
        _("Handovers of own placements"), ("placement__fellow__person",), ("ref", "due", "version"), because=HANDED, spreads=True
    ),
    Personal(_("Handovers received as a lead"), ("lead",), ("ref", "due"), because=HANDED),
)
CYCLE_SHARE = Personal(_("Cycles shared with the person"), ("user",), ("content_object", "since", "until"), End.DELETED)
PLACEMENT_SHARE = (
    Personal(_("Placements shared with the person"), ("user",), ("content_object", "since", "until"), End.DELETED),
    Personal(_("Who could read own placements"), ("content_object__fellow__person",), ("since", "until"), because=COUNTED),
)
SECTION = (
    Personal(
        _("Sections of handovers written"),
        ("handover__placement__fellow__person",),
        ("title", "state", "due", "offered_at", "answers", "sent_back"),
        because=HANDED,
    ),
    Personal(
        _("Sections of handovers received or waived"),
        ("receiver", "accepted_by", "waived_by"),
        ("title", "state", "accepted_at", "waived_at"),
        because=HANDED,
    ),
)
