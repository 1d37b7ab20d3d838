"""The demo: the invented Republic of Orvella, a cycle of its fellowship, built through the apps' own actions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.rich_text import RichText

from accounts import actions as accounts
from accounts.models import Person, User
from cms import actions as cms
from cms.models import CaseStudyPage
from core.access import HOUSE, Actor
from core.action import action
from core.demo import PASSWORD, Demo, SignIn
from fellowships import actions as fellowships
from fellowships.models import Cycle, Fellow, Host
from fellowships.states import CycleState
from mou import actions as mou
from mou import demo as mou_demo
from mou.models import Agreement
from partnerships import actions as partnerships
from partnerships.kinds import OrganisationKind
from partnerships.models import Organisation, Programme

TEXTS = Path(__file__).resolve().parent / "texts" / "demo"
PROGRAMME = "Orvella Public Service Fellowship"
KINDS = {
    "government": OrganisationKind.AGENCY,
    "academia": OrganisationKind.UNIVERSITY,
    "private sector": OrganisationKind.COMPANY,
}
# Where each of the twelve agreements stands, by host, as on the board before a start.
IN_FORCE = ("host-health", "host-saltmere", "host-transit", "host-water", "host-labour")
HALF_SIGNED = ("host-revenue",)
OUT = ("host-justice",)
DRAFT = ("host-statistics", "host-schools", "host-procurement")
PROGRAMME_ROLES = {"coordinator", "auditor", "editor"}
MEMBER_ROLES = {"lead", "reviewer", "signatory", "supervisor", "sponsor"}
WHO = {
    "cora-lindqvarne": "programme coordinator",
    "ulrike-fenwold": "signs for the programme",
    "amir-talvane": "counsel of the Ministry of Public Health",
    "sofia-brandemoor": "signs for the Ministry of Public Health",
    "ines-varrenholt": "signs for the Orvella Revenue Office: one agreement waits",
    "hollis-adeyvere": "supervises three fellows at the Ministry of Public Health",
    "felix-arrowvale": "fellow",
    "otto-brackenrow": "an outsider with an account and no part in anything",
    "esther-pellworth": "auditor of the programme",
}


@dataclass
class Stage:
    """What is there so far, by the ids of the texts."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def person(self, key: str) -> Person:
        found = self.users[key].person
        assert found is not None  # everybody here was made with one
        return found


@lru_cache
def text(name: str) -> Any:
    """One of the shipped texts."""
    return _yaml((TEXTS / f"{name}.yaml").read_text())


def _yaml(source: str) -> Any:
    import yaml

    return yaml.safe_load(source)


@action
def build(today: date) -> bool:
    """Everything in one transaction; False when it is there already."""
    if Programme.objects.filter(name=PROGRAMME).exists():
        return False
    stage = Stage()
    _organisations(stage)
    programme = partnerships.open_programme(name=PROGRAMME, organisation=stage.organisations["org-bridgeworks"], by=HOUSE)
    holidays = {str(day["date"]): day["name"] for day in text("country")["holidays"]}
    partnerships.edit_programme(
        programme=programme,
        organisation=programme.organisation,
        calendar="",
        time_zone=text("country")["time_zone"],
        local_holidays=holidays,
        by=HOUSE,
    )
    _people(stage, programme)
    cycle = _cycle(stage, programme, today)
    _cohort(stage, cycle)
    _agreements(stage, cycle)
    fellowships.publish_cycle(cycle=cycle, by=_cora(stage))
    _story(stage, _earlier_cycle(stage, programme))
    return True


def _cora(stage: Stage) -> User:
    return stage.users["cora-lindqvarne"]


def _organisations(stage: Stage) -> None:
    for row in text("organisations")["organisations"]:
        district = next(d["name"] for d in text("country")["districts"] if d["id"] == row["district"])
        stage.organisations[row["id"]] = partnerships.add_organisation(
            name=row["name"],
            kind=KINDS.get(row["type"], OrganisationKind.NGO),
            legal_form=row.get("legal_form", "public body" if row["type"] == "government" else ""),
            registration=f"OR-{1000 + len(stage.organisations)}",
            legal_basis="Public Bodies Act of Orvella, section 4" if row["type"] == "government" else "Its own statutes",
            address=f"1 {row.get('department', 'Market')} Street, {district}, Orvella",
            notice_email=row["email"],
            city=district,
            country="Orvella",
            about=row.get("about", ""),
            by=HOUSE,
        )


def _people(stage: Stage, programme: Programme) -> None:
    known = text("people")
    for row in [*known["people"], *known["fellows"]]:
        person = accounts.add_person(name=row["name"], by=HOUSE)
        # A password takes its time on purpose: only who is worth signing in as has one.
        signs_in = row["id"] in WHO or "signatory" in row.get("roles", ())
        password = PASSWORD if signs_in else ""
        stage.users[row["id"]] = accounts.open_sign_in(person=person, email=row["email"], password=password, by=HOUSE)
    for row in known["people"]:
        for role in PROGRAMME_ROLES.intersection(row["roles"]):
            partnerships.give_programme_role(programme=programme, person=stage.person(row["id"]), role=role, by=HOUSE)
        for role in sorted(MEMBER_ROLES.intersection(row["roles"])):
            partnerships.add_member(
                organisation=stage.organisations[row["organisation"]],
                person=stage.person(row["id"]),
                role=role,
                title=row["title"],
                by=HOUSE,
            )


def _cycle(stage: Stage, programme: Programme, today: date) -> Cycle:
    """From a Monday five weeks ahead, for fifty weeks: what has to be there before a start is due soon, and nothing late."""
    starts = today + timedelta(days=42 - today.weekday())
    ends = starts + timedelta(days=347)
    name = f"{starts.year}-{ends.year % 100:02d}"
    cycle = fellowships.open_cycle(programme=programme, name=name, starts=starts, ends=ends, by=_cora(stage))
    summary = "Twenty-four people with technical, design and data skills work for a year in twelve public bodies of Orvella."
    fellowships.edit_cycle(cycle=cycle, facts={"summary": summary}, by=_cora(stage))
    return cycle


def _cohort(stage: Stage, cycle: Cycle) -> None:
    """24 places and 25 people: one left before the start and somebody followed; one works for two hosts."""
    by, projects, hosts = _cora(stage), {}, {}
    for row in text("projects")["projects"]:
        facts = {"problem": row["problem"], "summary": row["users"]}
        projects[row["id"]] = fellowships.add_project(
            programme=cycle.programme, title=row["title"], organisation=stage.organisations[row["host"]], by=by, **facts
        )
    skills = {row["id"]: [row["skill"]] for row in text("people")["fellows"]}
    for place in (row for row in text("cycles")["places"] if row["cycle"] == "cycle-2026-27"):
        fellow = fellowships.add_fellow(cycle=cycle, person=stage.person(place["fellow"]), skills=skills[place["fellow"]], by=by)
        if "followed_by" in place:
            fellow = _followed(stage, fellow, place)
        for share in place["hosts"]:
            host = hosts.setdefault(
                share["host"], fellowships.add_host(cycle=cycle, organisation=stage.organisations[share["host"]], by=by)
            )
            fellowships.add_placement(fellow=fellow, host=host, project=projects[place["project"]], by=by)


def _followed(stage: Stage, fellow: Fellow, place: Mapping[str, Any]) -> Fellow:
    left = fellow.cycle.starts - timedelta(days=3) if fellow.cycle.starts else date.today()
    fellowships.withdraw_fellow(fellow=fellow, left_on=left, reason=place["reason"], by=_cora(stage))
    return fellowships.replace_fellow(fellow=fellow, person=stage.person(place["followed_by"]["fellow"]), by=_cora(stage))


def _agreements(stage: Stage, cycle: Cycle) -> None:
    """In every state that there is before a start: in force, signed by one side, out, draft, and none yet."""
    by, programme_signs = _cora(stage), stage.users["ulrike-fenwold"]
    hosts = {host.organisation_id: host for host in Host.objects.filter(cycle=cycle).select_related("organisation", "cycle")}
    signatories = {row["organisation"]: stage.users[row["id"]] for row in text("people")["people"] if "signatory" in row["roles"]}
    for key in (*IN_FORCE, *HALF_SIGNED, *OUT, *DRAFT):
        agreement = fellowships.draft_host_agreement(host=hosts[stage.organisations[key].pk], by=by)
        if key in DRAFT:
            continue
        _sent(agreement, by)
        if key in IN_FORCE:
            mou_demo.sign(agreement, [signatories[key], programme_signs])
            mou.publish_agreement(agreement=agreement, by=by)
        elif key in HALF_SIGNED:
            mou_demo.sign(agreement, [programme_signs])


TERMS: dict[str, Any] = {
    "agreement.governing_law": "the law of the Republic of Orvella",
    "agreement.courts": "the courts of Saltmere",
    "agreement.languages": "English",
    "agreement.liability_cap": {"amount": 100_000, "currency": "XTS"},
    "placement.weekly_hours": 38,
    "money.fee_per_fellow": {"amount": 24_000, "currency": "XTS"},
    "money.total": {"amount": 72_000, "currency": "XTS"},
    "money.instalments": 4,
}


def _sent(agreement: Agreement, by: User) -> None:
    blanks = {blank.id for blank in agreement.blanks()}
    mou.set_terms(agreement=agreement, terms={name: value for name, value in TERMS.items() if name in blanks}, by=by)
    mou.send_agreement(agreement=agreement, by=by)


def _earlier_cycle(stage: Stage, programme: Programme) -> Cycle:
    """What the case study tells of, and what an old list would know of it: a host, and no agreement."""
    by = _cora(stage)
    cycle = fellowships.open_cycle(programme=programme, name="2022-23", starts=date(2022, 9, 5), ends=date(2023, 8, 18), by=by)
    fellowships.add_host(cycle=cycle, organisation=stage.organisations["host-health"], by=by)
    fellowships.publish_cycle(cycle=cycle, by=by)
    return cycle


def _story(stage: Stage, cycle: Cycle) -> None:
    tell("clinic-queue-harrowmark", organisations=stage.organisations, cycles={"cycle-2022-23": cycle}, by=_cora(stage))


def stories() -> list[str]:
    """The case studies that are shipped, by the names of their texts."""
    return sorted(path.stem for path in (TEXTS / "case-studies").glob("*.md"))


def tell(
    name: str, *, organisations: Mapping[str, Organisation], cycles: Mapping[str, Cycle], records: Iterable[Any] = (), by: Actor
) -> CaseStudyPage:
    """Publish one of stories(), with its organisations, level, years and the records it is to show.

    `organisations` and `cycles` by the ids of the texts; where the cycle is not among them or not public, the page names its
    year. Under an earlier clock it has no figure that was measured later, and was not published later than today.
    """
    head, body = (TEXTS / "case-studies" / f"{name}.md").read_text().split("---\n", 2)[1:]
    facts = _yaml(head)
    parts = {title: _paragraphs(part) for title, part in (part.split("\n", 1) for part in body.split("## ")[1:])}
    involved = [organisations[key] for key in [facts["host"], *facts["partners"]]]
    cycle = cycles.get(facts["cycle"])
    shown = cycle if cycle is not None and cycle.state == CycleState.PUBLISHED else None
    today = timezone.localdate()
    published = timezone.make_aware(datetime.combine(min(facts["published"], today), time(9)))
    gave = "".join(
        f"<li>{escape(organisations[g['organisation']].name)}: {escape(g['what'])}</li>" for g in facts["contributions"]
    )
    return cms.publish_story(
        facts={
            "title": facts["title"],
            "summary": facts["summary"],
            "partners": ", ".join(organisation.name for organisation in involved),
            "level": facts["level"],
            "cycle": shown,
            "year": None if shown else int(facts["cycle"].split("-")[1]),
            "problem": parts["The problem"],
            "how_we_worked": parts["How we worked"],
            "what_we_built": parts["What we built"],
            "challenges": parts["What did not work"],
            "followed": parts["What came of it"],
            "more": [
                ("heading", _("What we would tell others")),
                ("paragraph", RichText(parts["What we would tell others"])),
                ("heading", _("What each side gave")),
                ("paragraph", RichText(f"<ul>{gave}</ul>")),
            ],
            "first_published_at": published,
            **_outcome(facts.get("outcome"), today),
        },
        agencies=involved,
        records=records,
        by=by,
    )


def _outcome(figure: Mapping[str, Any] | None, today: date) -> dict[str, Any]:
    if figure is None or figure["date"] > today:
        return {"no_outcome_yet": True}
    return {
        "outcome": figure["figure"],
        "outcome_unit": figure["unit"],
        "outcome_label": figure["label"],
        "outcome_date": figure["date"],
        "outcome_source": figure["source"],
    }


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(' '.join(lines.split()))}</p>" for lines in text.strip().split("\n\n"))


def who() -> list[SignIn]:
    """The people worth signing in as."""
    emails = {row["id"]: row["email"] for row in [*text("people")["people"], *text("people")["fellows"]]}
    users = {user.email: user for user in User.objects.filter(email__in=emails.values()).select_related("person")}
    found = [(users.get(emails[key]), role) for key, role in WHO.items()]
    return [SignIn(user.email, user.get_full_name(), role) for user, role in found if user is not None]


DEMO = Demo(build, who)
