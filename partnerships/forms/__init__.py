from partnerships.forms.followup import FollowUpAnswerForm, FollowUpCorrectForm
from partnerships.forms.hackathon import HackathonEditForm, HackathonOpenForm
from partnerships.forms.organisation import (
    MemberAddForm,
    MembershipDateForm,
    MembersInviteForm,
    OrganisationAddForm,
    OrganisationCorrectForm,
    OrganisationEditForm,
    OrganisationReinstateForm,
    OrganisationShieldForm,
    OrganisationSupersedeForm,
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
    "FollowUpCorrectForm",
    "HackathonEditForm",
    "HackathonOpenForm",
    "MemberAddForm",
    "MembersInviteForm",
    "MembershipDateForm",
    "OrganisationAddForm",
    "OrganisationCorrectForm",
    "OrganisationEditForm",
    "OrganisationReinstateForm",
    "OrganisationShieldForm",
    "OrganisationSupersedeForm",
    "OutputAddForm",
    "OutputEditForm",
    "OwnerNameForm",
    "ProgrammeEditForm",
    "ProgrammeOpenForm",
    "ProgrammeRoleDateForm",
    "ProgrammeRoleGiveForm",
]
