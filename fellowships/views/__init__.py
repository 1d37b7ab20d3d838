from fellowships.views.cycle import (
    cycle_detail,
    cycle_edit,
    cycle_list,
    cycle_open,
    cycle_publish,
    public_cycle,
    public_cycle_list,
)
from fellowships.views.fellow import fellow_add, fellow_detail, fellow_list, fellow_replace, fellow_withdraw
from fellowships.views.host import host_add, host_agreement
from fellowships.views.placement import (
    placement_add,
    placement_detail,
    placement_list,
    placement_plan,
    placement_start,
    placement_withdraw,
)

__all__ = [
    "cycle_detail",
    "cycle_edit",
    "cycle_list",
    "cycle_open",
    "cycle_publish",
    "fellow_add",
    "fellow_detail",
    "fellow_list",
    "fellow_replace",
    "fellow_withdraw",
    "host_add",
    "host_agreement",
    "placement_add",
    "placement_detail",
    "placement_list",
    "placement_plan",
    "placement_start",
    "placement_withdraw",
    "public_cycle",
    "public_cycle_list",
]
