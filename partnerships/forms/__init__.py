from partnerships.forms.followup import FollowUpAnswerForm
from partnerships.forms.hackathon import HackathonEditForm, HackathonOpenForm
from partnerships.forms.organisation import (
    MemberAddForm,
    OrganisationAddForm,
    OrganisationEditForm,
    ProgrammeEditForm,
)
from partnerships.forms.output import AgencyChooseForm, OutputAddForm, OutputEditForm, OwnerNameForm

__all__ = [
    "AgencyChooseForm",
    "FollowUpAnswerForm",
    "HackathonEditForm",
    "HackathonOpenForm",
    "MemberAddForm",
    "OrganisationAddForm",
    "OrganisationEditForm",
    "OutputAddForm",
    "OutputEditForm",
    "OwnerNameForm",
    "ProgrammeEditForm",
]
