"""The kinds of organisation, and the sentences of the chain about organisations and programmes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is. An empty kind means that nobody has said."""

    AGENCY = "agency", _("Public agency")
    NGO = "ngo", _("Civil society organisation")
    COMMUNITY_GROUP = "community_group", _("Community group")
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University or school")
    FUNDER = "funder", _("Funder")
    CITIZENS_BODY = "citizens_body", _("Citizens' body")


SENTENCES = {
    "organisation.added": _("%(who)s added the organisation."),
    "organisation.edited": _("%(who)s changed %(fields)s."),
    "organisation.imported": _("%(who)s imported the organisation from %(source)s."),
    "organisation.member_added": _("%(who)s added %(name)s as %(role)s."),
    "organisation.member_left": _("%(who)s ended the role of %(name)s as %(role)s."),
    "programme.opened": _("%(who)s opened the programme."),
    "programme.edited": _("%(who)s changed the programme."),
    "programme.role_given": _("%(who)s made %(name)s %(role)s."),
    "programme.role_ended": _("%(who)s ended the role of %(name)s as %(role)s."),
    "organisations.imported": _("%(who)s imported organisations from %(source)s: %(added)s added, %(changed)s changed."),
}
