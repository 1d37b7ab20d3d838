from fellowships.forms.cycle import CycleEditForm, CycleOpenForm
from fellowships.forms.fellow import FellowAddForm, FellowReplaceForm, FellowWithdrawForm
from fellowships.forms.host import HostAddForm
from fellowships.forms.placement import PlacementAddForm, PlacementPlanForm, PlacementWithdrawForm

__all__ = [
    "CycleEditForm",
    "CycleOpenForm",
    "FellowAddForm",
    "FellowReplaceForm",
    "FellowWithdrawForm",
    "HostAddForm",
    "PlacementAddForm",
    "PlacementPlanForm",
    "PlacementWithdrawForm",
]
