from fellowships.forms.cycle import CycleEditForm, CycleOpenForm
from fellowships.forms.fellow import (
    CohortInviteForm,
    FellowAddForm,
    FellowEditForm,
    FellowInviteForm,
    FellowReplaceForm,
    FellowWithdrawForm,
)
from fellowships.forms.handover import HandoverAssignForm, HandoverOfferForm
from fellowships.forms.host import HostAddForm
from fellowships.forms.placement import PlacementAddForm, PlacementEditForm, PlacementPlanForm, PlacementWithdrawForm
from fellowships.forms.project import ProjectAddForm, ProjectEditForm
from fellowships.forms.section import (
    SectionAssignForm,
    SectionEditForm,
    SectionLeaveOutForm,
    SectionSendBackForm,
    SectionWaiveForm,
)

__all__ = [
    "CohortInviteForm",
    "CycleEditForm",
    "CycleOpenForm",
    "FellowAddForm",
    "FellowEditForm",
    "FellowInviteForm",
    "FellowReplaceForm",
    "FellowWithdrawForm",
    "HandoverAssignForm",
    "HandoverOfferForm",
    "HostAddForm",
    "PlacementAddForm",
    "PlacementEditForm",
    "PlacementPlanForm",
    "PlacementWithdrawForm",
    "ProjectAddForm",
    "ProjectEditForm",
    "SectionAssignForm",
    "SectionEditForm",
    "SectionLeaveOutForm",
    "SectionSendBackForm",
    "SectionWaiveForm",
]
