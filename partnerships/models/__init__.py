from partnerships.models.organisation import (
    LiveQuerySet,
    Membership,
    Organisation,
    OrganisationQuerySet,
    with_sign_in,
)
from partnerships.models.programme import (
    Programme,
    ProgrammeQuerySet,
    ProgrammeRole,
    live_roles_of,
    live_scopes,
)

__all__ = [
    "LiveQuerySet",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "ProgrammeRole",
    "live_roles_of",
    "live_scopes",
    "with_sign_in",
]
