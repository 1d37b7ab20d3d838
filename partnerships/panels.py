"""What the pages of lower apps say of organisations and programmes, and the page of an organisation of its outputs."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Invitation, Person, SiteRole
from accounts.roles import PROGRAMME_ROLES
from core.access import published, visible
from core.panels import Panel, Row, Showing, panel
from partnerships.models import (
    Hackathon,
    Membership,
    Organisation,
    Output,
    Programme,
    lasting_roles_of,
    live_roles_of,
)

MOST = 20


def roles_of(person: Any, reader: Any) -> Panel:
    """On one's own desk: which role one holds where. Nobody reads it of somebody else here."""
    held = live_roles_of(reader.person_id) if person == reader and reader.person_id else []
    return Panel(_("Your roles"), [_row(role, role.role_label) for role in held])


def roles_held(person: Person, reader: Any) -> Panel:
    """On the page of a person: their roles where the reader sees what they are roles in."""
    held = lasting_roles_of(person)
    organisations = {role.organisation_id for role in held if isinstance(role, Membership)}
    programmes = {getattr(role, "programme_id", None) for role in held}
    seen = set(visible(Organisation, reader).filter(pk__in=organisations))
    seen_too = set(visible(Programme, reader).filter(pk__in=programmes - {None}))
    rows = [_row(role, _days(role)) for role in held if _where(role) in seen | seen_too | {None}]
    return Panel(_("Roles"), rows)


def _where(role: Any) -> Any:
    return getattr(role, "organisation", None) or getattr(role, "programme", None)


def _days(role: Any) -> str:
    day = date_format(role.since, "j M Y")
    return (_("%(role)s since %(day)s") if role.counts else _("%(role)s from %(day)s")) % {"role": role.role_label, "day": day}


def _row(role: Any, fact: str) -> Row:
    if isinstance(role, SiteRole):
        return Row(_("This site"), reverse("partnerships:programme_list"), fact)
    if isinstance(role, Membership):
        return Row(role.organisation.name, reverse("partnerships:organisation_detail", args=[role.organisation.ref]), fact)
    opens = "partnerships.view_programme" in PROGRAMME_ROLES[role.role].perms
    return Row(role.programme.name, reverse("partnerships:programme_detail", args=[role.programme.ref]) if opens else "", fact)


@panel(gettext_lazy("Outputs of hackathons"), Output)
def outputs_of(organisation: Organisation, outputs: Any) -> Iterable[Row]:
    """Those that it answers for and that this reader sees, with their present state; the newest event first."""
    rows = outputs.filter(agency=organisation).with_present().order_by("-hackathon__starts", "number", "pk")[:MOST]
    for output in rows:
        url = reverse("partnerships:output_detail", args=[output.ref])
        yield Row(f"{output.title} ({output.hackathon})", url, output.outcome_label, output.tone)


def _held_in_public() -> Any:
    return published(Hackathon).order_by("-starts", "title", "pk")


def _held(hackathon: Hackathon) -> Row:
    return Row(hackathon.title, reverse("public_hackathon", args=[hackathon.ref]), str(hackathon.starts.year))


def _made_in_public() -> Any:
    return published(Output).with_present().order_by("-hackathon__starts", "number", "pk")


def _made(output: Any) -> Row:
    url = reverse("public_hackathon", args=[output.hackathon.ref])
    return Row(f"{output.title} ({output.hackathon})", url, output.outcome_label, output.tone)


def invited_to(invitation: Invitation, reader: Any) -> Panel:
    """On the page of an invitation: the organisation or the programme it is for, where the reader sees it."""
    model, _colon, ref = invitation.place.partition(":")
    shown = {"partnerships.organisation": (Organisation, "organisation"), "partnerships.programme": (Programme, "programme")}
    if model not in shown:
        return Panel(_("Where"), [])
    found = visible(shown[model][0], reader).filter(ref=ref).first()
    url = reverse(f"partnerships:{shown[model][1]}_detail", args=[ref])
    return Panel(_("Where"), [Row(str(found), url)] if found else [])


# On the public page of an organisation: the published hackathons that it held, and their outputs that it answers for.
held_by = Showing("hackathons_held", gettext_lazy("Hackathons it held"), _held_in_public, "organiser", _held)
owned_by = Showing("hackathon_outputs", gettext_lazy("Outputs of hackathons"), _made_in_public, "agency", _made)
