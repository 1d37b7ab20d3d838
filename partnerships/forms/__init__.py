from partnerships.forms.organisation import (
    MemberAddForm,
    OrganisationAddForm,
    OrganisationEditForm,
    ProgrammeEditForm,
)

__all__ = [
    "MemberAddForm",
    "OrganisationAddForm",
    "OrganisationEditForm",
    "ProgrammeEditForm",
]
