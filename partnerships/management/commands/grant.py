"""Give somebody a role on the site, in a programme or in an organisation, with a sign-in if they have none; or end it.

For the operator. Who administers the site is said here and nowhere else.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions as accounts
from accounts.models import Person, SiteRole
from accounts.roles import MEMBER_ROLES, PROGRAMME_ROLES, SITE_ROLES
from core.access import HOUSE
from core.action import action
from partnerships import actions, notices
from partnerships.management.people import known_or_new, way_in
from partnerships.models import Membership, Organisation, Programme, ProgrammeRole

PLACES = {"programme": PROGRAMME_ROLES, "organisation": MEMBER_ROLES, "site": SITE_ROLES}


class Command(BaseCommand):
    help = "Give somebody a role on the site, in a programme or in an organisation, with a sign-in if they have none; or end it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[*SITE_ROLES, *PROGRAMME_ROLES, *MEMBER_ROLES])
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--programme", help="its name")
        where.add_argument("--organisation", help="its name or reference")
        parser.add_argument("--name", default="", help="of the person; needed when the address is new here")
        parser.add_argument("--title", default="", help="position in the organisation")
        parser.add_argument("--end", action="store_true", help="end the role instead: what it opens ends at once")

    def handle(self, *args: Any, email: str, role: str, **options: Any) -> None:
        place = "programme" if options["programme"] else "organisation" if options["organisation"] else "site"
        if role not in PLACES[place]:
            raise CommandError(_elsewhere(role, place))
        try:
            sentence = _end(email, role, place, options) if options["end"] else _grant(email, role, place, options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(str(error)) from None
        self.stdout.write(sentence)


def _elsewhere(role: str, place: str) -> str:
    if place == "site":
        return f"Say where “{role}” is held: --programme or --organisation. Only {', '.join(SITE_ROLES)} is held on the site."
    if role in SITE_ROLES:
        return f"“{role}” is held on the whole site: leave --{place} out."
    other = "an organisation" if place == "programme" else "a programme"
    return f"“{role}” is a role in {other}; roles in {_a(place)} are {', '.join(PLACES[place])}."


def _a(place: str) -> str:
    return "an organisation" if place == "organisation" else "a programme"


def _programme(name: str) -> Programme:
    found = Programme.objects.filter(name__iexact=name.strip()).first()
    if found is None:
        raise CommandError(f"There is no programme “{name}”. manage.py open_programme opens one.")
    return found


def _organisation(wanted: str) -> Organisation:
    found = Organisation.objects.all().called(wanted)
    if found is None:
        raise CommandError(f"There is no organisation “{wanted}” in the register.")
    return found


@action
def _grant(email: str, role: str, place: str, options: dict[str, Any]) -> str:
    if place == "organisation":
        organisation = _organisation(options["organisation"])
        person = known_or_new(email, options["name"])
        actions.invite_member(
            organisation=organisation, name=person.name, email=email, role=role, title=options["title"], by=HOUSE
        )
        return f"{email} is {role} of {organisation.name}. A mail says how to come in."
    programme = _programme(options["programme"]) if place == "programme" else None
    person = known_or_new(email, options["name"])
    if programme:
        actions.give_programme_role(programme=programme, person=person, role=role, by=HOUSE)
        return f"{person.name} is {role} of {programme.name}. {way_in(person, notices.to_programme(programme, role))}"
    accounts.give_site_role(person=person, role=role, by=HOUSE)
    return f"{person.name} is {role} of this site. {way_in(person, notices.to_site(role))}"


@action
def _end(email: str, role: str, place: str, options: dict[str, Any]) -> str:
    person = Person.objects.all().with_address(email).first()
    held = {"person": person, "role": role}
    if place == "organisation":
        held["organisation"] = _organisation(options["organisation"])
        rows = Membership.objects.lasting().filter(**held)
    elif place == "programme":
        held["programme"] = _programme(options["programme"])
        rows = ProgrammeRole.objects.lasting().filter(**held)
    else:
        rows = SiteRole.objects.lasting().filter(**held)
    if person is None or not rows:
        raise CommandError(f"{email} does not hold the role {role} there.")
    for row in rows:
        if place == "organisation":
            actions.end_membership(membership=row, by=HOUSE)
        elif place == "programme":
            actions.end_programme_role(role=row, by=HOUSE)
        else:
            accounts.end_site_role(role=row, by=HOUSE)
    return f"{person.name} is no longer {role}. What the role opened ended at once."
