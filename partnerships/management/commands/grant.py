"""Give somebody a role in a programme or an organisation, with a sign-in if they have none. For the operator."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import actions as accounts
from accounts.models import User
from accounts.roles import MEMBER_ROLES, PROGRAMME_ROLES
from core.access import HOUSE
from core.action import action
from partnerships import actions
from partnerships.models import Organisation, Programme


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[*PROGRAMME_ROLES, *MEMBER_ROLES])
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--programme", help="its name")
        where.add_argument("--organisation", help="its name or reference")
        parser.add_argument("--name", default="", help="of the person; needed when the address is new here")
        parser.add_argument("--title", default="", help="position in the organisation")

    def handle(self, *args: Any, email: str, role: str, **options: Any) -> None:
        try:
            validate_email(email)
            sentence = _grant(email=email, role=role, options=options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except PermissionDenied as error:
            raise CommandError(str(error)) from None
        self.stdout.write(sentence)


@action
def _grant(*, email: str, role: str, options: dict[str, Any]) -> str:
    user = User.objects.filter(email__iexact=email).select_related("person").first()
    if user is None and not options["name"]:
        raise CommandError(f"Nobody signs in with {email} yet: say who it is with --name.")
    if options["programme"]:
        if role not in PROGRAMME_ROLES:
            raise CommandError(f"“{role}” is a role in an organisation; roles in a programme are {', '.join(PROGRAMME_ROLES)}.")
        programme = Programme.objects.filter(name__iexact=options["programme"].strip()).first()
        if programme is None:
            raise CommandError(f"There is no programme “{options['programme']}”.")
        if user is None:
            person = accounts.add_person(name=options["name"], by=HOUSE)
            user = accounts.open_sign_in(person=person, email=email, by=HOUSE)
        if user.person is None:
            raise CommandError(f"{email} belongs to an administrator of this site, who takes no part in the work.")
        actions.give_programme_role(programme=programme, person=user.person, role=role, by=HOUSE)
        return f"{user.person.name} is {role} of {programme.name}. A password is set at the sign-in page."
    if role not in MEMBER_ROLES:
        raise CommandError(f"“{role}” is a role in a programme; roles in an organisation are {', '.join(MEMBER_ROLES)}.")
    wanted = options["organisation"].strip()
    organisation = (
        Organisation.objects.filter(ref__iexact=wanted).first() or Organisation.objects.filter(name__iexact=wanted).first()
    )
    if organisation is None:
        raise CommandError(f"There is no organisation “{wanted}” in the register.")
    actions.invite_member(
        organisation=organisation, name=options["name"], email=email, role=role, title=options["title"], by=HOUSE
    )
    return f"{email} is {role} of {organisation.name}. A mail says how to come in."
