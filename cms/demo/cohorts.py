"""The cycles of the story: three that are over, last year's that closes, the one that runs, and the next that is signed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.text import slugify

from accounts.models import User
from cms.demo import agreements
from cms.demo.people import sign_in
from cms.demo.stage import WHO, Stage, text
from core.access import HOUSE
from core.demo import PASSWORD
from fellowships import actions as fellowships
from fellowships import demo as fellowships_demo
from fellowships.models import Cycle, Fellow, Host, Placement, Project
from fellowships.states import ProjectStatus
from mou import actions as mou

LENGTH = timedelta(days=347)  # fifty weeks, from a Monday to a Friday
SUMMARY = "Twenty-four people with technical, design and data skills work for a year in twelve public bodies of Orvella."
LAST = "cycle-2025-26"  # of the texts
OLD = ("cycle-2022-23", "cycle-2023-24", "cycle-2024-25")
OLD_HOSTS = {
    "cycle-2022-23": ("host-health",),
    "cycle-2023-24": ("host-islands", "host-water", "host-labour"),
    "cycle-2024-25": ("host-revenue", "host-transit", "host-health"),
}
WEEKLY = ("host-health",)  # of the running cycle; the others meet every month
INVITED = 8  # of the next cohort
IN_FORCE = ("host-health", "host-saltmere", "host-transit", "host-water")
HALF_SIGNED = ("host-revenue",)
OUT = ("host-justice", "host-labour")
DRAFT = ("host-statistics", "host-schools", "host-procurement")
DECLINED = ("host-islands",)
WITHDRAWN = ("host-dunmarrow",)


def last_starts(stage: Stage) -> date:
    """Last year's cycle ends in four weeks."""
    return stage.monday(28) - timedelta(weeks=49)


def _open(stage: Stage, name: str, starts: date, on: date) -> Cycle:
    with stage.on(on):
        cycle = fellowships.open_cycle(programme=stage.programme, name=name, starts=starts, ends=starts + LENGTH, by=stage.cora)
        fellowships.edit_cycle(cycle=cycle, facts={"summary": SUMMARY}, by=stage.cora)
    return cycle


def archived(stage: Stage) -> dict[str, Cycle]:
    """What case studies tell of, and what an old list would know of it: hosts. Of the latest, an agreement that has ended."""
    found = {}
    for number, key in enumerate(OLD, start=1):
        starts = last_starts(stage) - timedelta(weeks=52 * (len(OLD) + 1 - number))
        found[key] = cycle = _open(stage, f"Cohort {number}", starts, starts - timedelta(days=100))
        with stage.on(starts - timedelta(days=90)):
            hosts = [_host(stage, cycle, host) for host in OLD_HOSTS[key]]
            fellowships.publish_cycle(cycle=cycle, by=stage.cora)
    ended = agreements.executed(stage, OLD_HOSTS[OLD[-1]][0], hosts[0], starts - timedelta(days=60), weekly=False)
    agreements.duties_done(stage, [ended])
    with stage.on(starts + LENGTH + timedelta(days=1)):
        mou.expire_agreement(agreement=ended, today=starts + LENGTH + timedelta(days=1), by=HOUSE)
    return found


def _host(stage: Stage, cycle: Cycle, key: str) -> Host:
    return fellowships.add_host(cycle=cycle, organisation=stage.organisations[key], by=stage.cora)


def last(stage: Stage) -> Cycle:
    """Closing: 24 places and as many handovers, 19 accepted, 3 in part, 2 late."""
    starts = last_starts(stage)
    cycle = _open(stage, "Cohort 4", starts, starts - timedelta(days=120))
    rows = text("cohorts")["last"]
    with stage.on(starts - timedelta(days=100)):
        hosts = {key: _host(stage, cycle, key) for key in dict.fromkeys(row["host"] for row in rows)}
        placements = [(_placed(stage, cycle, hosts, row, _ends(stage, row)), row["handover"]) for row in rows]
        fellowships.publish_cycle(cycle=cycle, by=stage.cora)
    signed = [
        agreements.executed(stage, key, host, starts - timedelta(days=90 - place), weekly=False)
        for place, (key, host) in enumerate(hosts.items())
    ]
    with stage.on(starts):
        for placement, _handover in placements:
            _begins(stage, placement)
    agreements.duties_done(stage, signed)
    for placement, handover in placements:
        _hand_over(stage, placement, handover)
    return cycle


def _begins(stage: Stage, placement: Placement) -> None:
    """Work begins, so the project runs."""
    fellowships.start_placement(placement=placement, by=stage.cora)
    if placement.project:
        fellowships.edit_project(project=placement.project, facts={"status": ProjectStatus.RUNNING}, by=stage.cora)


def _hand_over(stage: Stage, placement: Placement, how: str) -> None:
    """Written and offered five weeks ago and accepted, all of it or with the last required sections missing."""
    key = next(key for key, found in stage.organisations.items() if found.pk == placement.host.organisation_id)
    receivers = [found[key] for found in (stage.officials, stage.supervisors) if key in found]
    missing = {"accepted": [], "in part": fellowships_demo.musts()[-3:], "late": fellowships_demo.musts()[-6:]}[how]
    with stage.on(stage.day(-35 + placement.pk % 20)):
        fellow = User.objects.get(person=placement.fellow.person_id)
        fellowships_demo.handed_over(placement, receivers, fellow=fellow, by=stage.cora, but=missing)


def _ends(stage: Stage, row: dict[str, Any]) -> date | None:
    """Who is late with the handover leaves next week; the others on the last day of the cycle."""
    return stage.day(5) if row["handover"] == "late" else None


def _placed(stage: Stage, cycle: Cycle, hosts: dict[str, Host], row: dict[str, Any], ends: date | None = None) -> Placement:
    """A fellow of this name joins and is placed, for a project of their own."""
    name = row["fellow"]
    key = slugify(name)
    sign_in(stage, key, name, f"{key}@fellows.example")
    fellow = fellowships.add_fellow(cycle=cycle, person=stage.person(key), skills=[row["skill"]], by=stage.cora)
    facts = {"title": row["project"], "problem": row["problem"], "starts": cycle.starts if ends else None, "ends": ends}
    placement = fellowships.place_fellow(fellow=fellow, host=hosts[row["host"]], by=stage.cora, **facts)
    if scope := scope_of(row):
        fellowships.edit_project(project=placement.project, facts={"scope": scope}, by=stage.cora)
    return placement


def running(stage: Stage) -> Cycle:
    """24 places and 25 people: one left in week six and somebody followed; one works for two hosts."""
    starts = stage.monday(-168)
    cycle = _open(stage, "Cohort 5", starts, starts - timedelta(days=120))
    places = [row for row in text("cycles")["places"] if row["cycle"] == "cycle-2026-27"]
    hosts: dict[str, Host] = {}
    with stage.on(starts - timedelta(days=100)):
        for row in text("people")["fellows"]:
            sign_in(stage, row["id"], row["name"], row["email"], PASSWORD if row["id"] in WHO else "")
        projects = _projects(stage)
        placements = [found for row in places for found in _shares(stage, cycle, hosts, projects, row)]
        fellowships.publish_cycle(cycle=cycle, by=stage.cora)
    signed = [
        agreements.executed(stage, key, host, starts - timedelta(days=80 - place), weekly=key in WEEKLY)
        for place, (key, host) in enumerate(hosts.items())
    ]
    with stage.on(starts):
        for placement in placements:
            _begins(stage, placement)
    for row in places:
        if "followed_by" in row:
            _followed(stage, cycle, hosts, projects, row)
    agreements.duties_done(stage, signed, late=4, unanswered=6)
    return cycle


def scope_of(row: dict[str, Any]) -> dict[str, str]:
    """What Exhibit 1 says of a project; nothing beyond its users where the kind of work is not known."""
    said: dict[str, str] = dict(text("projects")["scopes"][row["work_type"]]) if "work_type" in row else {}
    if "users" in row:
        said["users"] = row["users"]
    if "evidence" in row:
        found = row["evidence"]
        said["evidence"] = f"{found['figure']} ({found['source']}, {date_format(found['date'], 'j F Y')})"
        said["success_measure"] = f"The same figure, counted in the same way in the last month. Today: {found['figure']}."
    return said


def _projects(stage: Stage) -> dict[str, Project]:
    found = {}
    for row in text("projects")["projects"]:
        facts = {
            "status": ProjectStatus.PROPOSED,
            "problem": row["problem"],
            "scope": scope_of(row),
            "organisation": stage.organisations[row["host"]],
        }
        found[row["id"]] = fellowships.add_project(programme=stage.programme, title=row["title"], by=stage.cora, **facts)
    return found


def _shares(
    stage: Stage, cycle: Cycle, hosts: dict[str, Host], projects: dict[str, Project], row: dict[str, Any]
) -> Iterable[Placement]:
    """The placements of one place: one at each of its hosts."""
    skills = {each["id"]: [each["skill"]] for each in text("people")["fellows"]}
    person = stage.person(row["fellow"])
    fellow = fellowships.add_fellow(cycle=cycle, person=person, skills=skills[row["fellow"]], by=stage.cora)
    return [_share(stage, fellow, hosts, projects[row["project"]], share["host"]) for share in row["hosts"]]


def _share(stage: Stage, fellow: Fellow, hosts: dict[str, Host], project: Project, key: str, **days: date) -> Placement:
    host = hosts.setdefault(key, _host(stage, fellow.cycle, key))
    return fellowships.add_placement(fellow=fellow, host=host, project=project, by=stage.cora, **days)


def _followed(stage: Stage, cycle: Cycle, hosts: dict[str, Host], projects: dict[str, Project], row: dict[str, Any]) -> None:
    """Somebody left on the Friday of week six; who follows began four weeks later."""
    assert cycle.starts is not None and cycle.ends is not None  # it was opened with them
    left, follows = cycle.starts + timedelta(days=39), cycle.starts + timedelta(days=70)
    fellow = Fellow.objects.get(cycle=cycle, person=stage.person(row["fellow"]))
    with stage.on(left):
        fellowships.withdraw_fellow(fellow=fellow, left_on=left, reason=row["reason"], by=stage.cora)
    with stage.on(follows - timedelta(days=10)):
        person = stage.person(row["followed_by"]["fellow"])
        follower = fellowships.replace_fellow(fellow=fellow, person=person, by=stage.cora)
        days = {"starts": follows, "ends": cycle.ends}
        placed = [_share(stage, follower, hosts, projects[row["project"]], share["host"], **days) for share in row["hosts"]]
    with stage.on(follows):
        for placement in placed:
            fellowships.start_placement(placement=placement, by=stage.cora)


def _invited(cycle: Cycle, fellows: list[Fellow], stage: Stage) -> None:
    """The first of the next cohort; the others wait for somebody who tries it out."""
    addresses = {fellow.ref: f"{slugify(fellow.person.name)}@fellows.example" for fellow in fellows}
    fellowships.invite_cohort(cycle=cycle, addresses=addresses, by=stage.cora)


def coming(stage: Stage) -> Cycle:
    """The next one is being signed: twelve agreements, in every state that there is before a start."""
    starts = stage.monday(42)
    cycle = _open(stage, "Cohort 6", starts, stage.day(-60))
    rows = text("cohorts")["next"]
    with stage.on(stage.day(-45)):
        hosts = {key: _host(stage, cycle, key) for key in dict.fromkeys(row["host"] for row in rows)}
        fellows = [_placed(stage, cycle, hosts, row).fellow for row in rows]
        fellowships.publish_cycle(cycle=cycle, by=stage.cora)
    with stage.on(stage.day(-4)):
        _invited(cycle, fellows[:INVITED], stage)
    signed = [agreements.executed(stage, key, hosts[key], stage.day(-32)) for key in IN_FORCE]
    agreements.duties_done(stage, signed)
    for place, key in enumerate([*HALF_SIGNED, *OUT, *DECLINED, *WITHDRAWN]):
        waits = 18 if key in HALF_SIGNED else 4 + place
        agreement = agreements.send(stage, agreements.draft(stage, hosts[key], stage.day(-25)), stage.day(-waits))
        if key in HALF_SIGNED:
            agreements.sign(stage, agreement, stage.ulrike, stage.day(1 - waits))
        with stage.on(stage.day(-2)):
            if key in DECLINED:
                reason = "The council decides on the budget first. Ask again after its session."
                mou.decline_agreement(agreement=agreement, reason=reason, by=stage.signatories[key])
            elif key in WITHDRAWN:
                reason = "The town takes part with the islands this time."
                mou.withdraw_agreement(agreement=agreement, reason=reason, by=stage.cora)
    for place, key in enumerate(DRAFT):
        agreements.draft(stage, hosts[key], stage.day(-9 + 3 * place))
    return cycle
