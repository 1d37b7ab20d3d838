from partnerships.models.followup import EarlierAnswer, FollowUp, FollowUpQuerySet, Reminder
from partnerships.models.hackathon import Hackathon, HackathonQuerySet, HackathonShare, spaced
from partnerships.models.organisation import (
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
    holders,
    keepers_of_the_chain,
    lasting_roles_of,
    live_roles_of,
    live_scopes,
    offices_of,
    steps_asked_of,
)

__all__ = [
    "EarlierAnswer",
    "FollowUp",
    "FollowUpQuerySet",
    "Hackathon",
    "HackathonQuerySet",
    "HackathonShare",
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
    "holders",
    "keepers_of_the_chain",
    "lasting_roles_of",
    "live_roles_of",
    "live_scopes",
    "offices_of",
    "outcome_label",
    "people_at",
    "register_as_known",
    "spaced",
    "steps_asked_of",
    "with_sign_in",
]
