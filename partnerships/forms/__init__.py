from partnerships.forms.followup import FollowUpAnswerForm
from partnerships.forms.hackathon import HackathonEditForm, HackathonOpenForm
from partnerships.forms.organisation import (
    MemberAddForm,
    MembershipDateForm,
    OrganisationAddForm,
    OrganisationEditForm,
)
from partnerships.forms.output import AgencyChooseForm, OutputAddForm, OutputEditForm, OwnerNameForm
from partnerships.forms.programme import (
    ProgrammeEditForm,
    ProgrammeOpenForm,
    ProgrammeRoleDateForm,
    ProgrammeRoleGiveForm,
)

__all__ = [
    "AgencyChooseForm",
    "FollowUpAnswerForm",
    "HackathonEditForm",
    "HackathonOpenForm",
    "MemberAddForm",
    "MembershipDateForm",
    "OrganisationAddForm",
    "OrganisationEditForm",
    "OutputAddForm",
    "OutputEditForm",
    "OwnerNameForm",
    "ProgrammeEditForm",
    "ProgrammeOpenForm",
    "ProgrammeRoleDateForm",
    "ProgrammeRoleGiveForm",
]
