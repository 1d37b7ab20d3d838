"""Who there is in Orvella: bodies, the programme, people and their roles."""

from typing import Any

from accounts import actions as accounts
from accounts.models import User
from accounts.roles import SITE_ROLES
from cms.demo.stage import PROGRAMME, WHO, Stage, text
from core.access import HOUSE
from core.demo import PASSWORD
from partnerships import actions as partnerships
from partnerships.kinds import OrganisationKind

KINDS = {
    "government": OrganisationKind.AGENCY,
    "academia": OrganisationKind.UNIVERSITY,
    "private sector": OrganisationKind.COMPANY,
    "citizens": OrganisationKind.CITIZENS_BODY,
    "funder": OrganisationKind.FUNDER,
}
PROGRAMME_ROLES = {"coordinator", "finance", "auditor", "editor"}
MEMBER_ROLES = {"lead", "reviewer", "signatory", "supervisor", "sponsor", "official"}
AGO = 1600  # days: before the first cycle


def register(stage: Stage) -> None:
    """Three years ago: the register, the programme and everybody who has a role. Fellows come with their cycle."""
    with stage.on(stage.day(-AGO)):
        _organisations(stage)
        programme = partnerships.open_programme(name=PROGRAMME, organisation=stage.organisations["org-bridgeworks"], by=HOUSE)
        partnerships.edit_programme(
            programme=programme,
            organisation=programme.organisation,
            calendar="",
            time_zone=text("country")["time_zone"],
            local_holidays={str(day["date"]): day["name"] for day in text("country")["holidays"]},
            by=HOUSE,
        )
        stage.programme = programme
        for row in text("people")["people"]:
            _person(stage, row)


def _organisations(stage: Stage) -> None:
    for row in text("organisations")["organisations"]:
        district = next(d["name"] for d in text("country")["districts"] if d["id"] == row["district"])
        public_body = row["type"] == "government"
        stage.organisations[row["id"]] = partnerships.add_organisation(
            name=row["name"],
            kind=KINDS.get(row["type"], OrganisationKind.NGO),
            legal_form=row.get("legal_form", "public body" if public_body else ""),
            registration=f"OR-{1000 + len(stage.organisations)}",
            legal_basis="Public Bodies Act of Orvella, section 4" if public_body else "Its own statutes",
            address=f"1 {row.get('department', 'Market')} Street, {district}, Orvella",
            notice_email=row["email"],
            city=district,
            country="Orvella",
            about=row.get("about", ""),
            presented_as=row.get("government_name", ""),
            jurisdiction_level=row.get("level", ""),
            jurisdiction=row.get("jurisdiction", ""),
            by=HOUSE,
        )
    for row in text("organisations")["organisations"]:
        if "parent" in row:
            department, parent = stage.organisations[row["id"]], stage.organisations[row["parent"]]
            partnerships.edit_organisation(organisation=department, facts={"parent": parent}, by=HOUSE)


def _person(stage: Stage, row: dict[str, Any]) -> None:
    # A password takes its time on purpose: only who is worth signing in as has one.
    password = PASSWORD if row["id"] in WHO or "signatory" in row["roles"] else ""
    user = sign_in(stage, row["id"], row["name"], row["email"], password)
    for role in sorted(SITE_ROLES.keys() & row["roles"]):
        accounts.give_site_role(person=stage.person(row["id"]), role=role, by=HOUSE)
    for role in sorted(PROGRAMME_ROLES.intersection(row["roles"])):
        partnerships.give_programme_role(programme=stage.programme, person=stage.person(row["id"]), role=role, by=HOUSE)
    for role in sorted(MEMBER_ROLES.intersection(row["roles"])):
        partnerships.add_member(
            organisation=stage.organisations[row["organisation"]],
            person=stage.person(row["id"]),
            role=role,
            title=row["title"],
            by=HOUSE,
        )
    first = {"signatory": stage.signatories, "supervisor": stage.supervisors, "official": stage.officials}
    for role, found in first.items():
        if role in row["roles"]:
            found.setdefault(row["organisation"], user)


def sign_in(stage: Stage, key: str, name: str, email: str, password: str = "") -> User:
    """A person who can sign in, known by `key` from now on."""
    person = accounts.add_person(name=name, by=HOUSE)
    stage.users[key] = accounts.open_sign_in(person=person, email=email, password=password, by=HOUSE)
    return stage.users[key]
