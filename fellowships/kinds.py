"""What of a cohort can be imported, and the sentences of the chain about cycles, fellows, placements and projects."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.imports import Field, Kind, Schema
from fellowships.states import ProjectStatus
from partnerships.kinds import ORGANISATION

MAPPINGS = Path(__file__).resolve().parent / "mappings"
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
        Kind(
            "projects",
            (
                Field("key", required=True, longest=200),
                Field("title", required=True, longest=300, words=("project", "name")),
                Field("organisation", "reference", refers_to="organisations", words=("agency", "host", "partner")),
                Field("status", "choice", choices=tuple(ProjectStatus.values), words=("state", "stage", "phase")),
                Field("status_as_written", longest=100),
                Field("summary", words=("description",)),
                Field("challenge", words=("problem", "question")),
                Field("link", "url", longest=500, words=("url", "website")),
                Field("about", words=("body", "text")),
            ),
            names=("title",),
        ),
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

SENTENCES = {
    "cycle.opened": _("%(who)s opened the cycle."),
    "cycle.edited": _("%(who)s changed %(fields)s."),
    "cycle.imported": _("%(who)s imported the cycle from %(source)s."),
    "cycle.published": _("%(who)s published the cycle."),
    "cycle.unpublished": _("%(who)s took the cycle off the public pages."),
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
    "fellow.withdrawn": _("%(who)s recorded that the fellow left on %(left_on)s: %(reason)s"),
    "placement.added": _("%(who)s placed %(name)s at %(host)s."),
    "placement.edited": _("%(who)s changed %(fields)s."),
    "placement.planned": _("%(who)s planned the placement from %(starts)s to %(ends)s."),
    "placement.started": _("%(who)s started the placement under agreement %(agreement)s."),
    "placement.withdrawn": _("%(who)s ended the placement: %(reason)s"),
}
