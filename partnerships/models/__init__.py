from partnerships.models.followup import FollowUp, FollowUpQuerySet, Reminder
from partnerships.models.hackathon import Hackathon, HackathonQuerySet, spaced
from partnerships.models.organisation import (
    LiveQuerySet,
    Membership,
    Organisation,
    OrganisationQuerySet,
    register_as_known,
    with_sign_in,
)
from partnerships.models.output import Output, OutputQuerySet, address_in, choices_of, outcome_label, people_at
from partnerships.models.programme import (
    Programme,
    ProgrammeQuerySet,
    ProgrammeRole,
    live_roles_of,
    live_scopes,
)

__all__ = [
    "FollowUp",
    "FollowUpQuerySet",
    "Hackathon",
    "HackathonQuerySet",
    "LiveQuerySet",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "Output",
    "OutputQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "ProgrammeRole",
    "Reminder",
    "address_in",
    "choices_of",
    "live_roles_of",
    "live_scopes",
    "outcome_label",
    "people_at",
    "spaced",
    "register_as_known",
    "with_sign_in",
]
