"""What the pages of lower apps say of organisations and programmes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.panels import Panel, Row
from partnerships.models import Membership, live_roles_of


def roles_of(person: Any, reader: Any) -> Panel:
    """On one's own desk: which role one holds where. Nobody reads it of somebody else here."""
    held = live_roles_of(reader.person_id) if person == reader and reader.person_id else []
    return Panel(_("Your roles"), [_row(role) for role in held])


def _row(role: Any) -> Row:
    if isinstance(role, Membership):
        return Row(
            role.organisation.name, reverse("partnerships:organisation_detail", args=[role.organisation.ref]), role.role_label
        )
    return Row(role.programme.name, "", role.role_label)
