from fellowships.actions.cycle import (
    add_host,
    add_project,
    draft_host_agreement,
    edit_cycle,
    edit_project,
    open_cycle,
    publish_cycle,
    refresh_host_agreement,
    unpublish_cycle,
)
from fellowships.actions.fellow import import_cohort
from fellowships.actions.placement import (
    add_fellow,
    add_placement,
    edit_placement,
    plan_placement,
    replace_fellow,
    start_placement,
    withdraw_fellow,
    withdraw_placement,
)

__all__ = [
    "add_fellow",
    "add_host",
    "add_placement",
    "add_project",
    "draft_host_agreement",
    "edit_cycle",
    "edit_placement",
    "edit_project",
    "import_cohort",
    "open_cycle",
    "plan_placement",
    "publish_cycle",
    "refresh_host_agreement",
    "replace_fellow",
    "start_placement",
    "unpublish_cycle",
    "withdraw_fellow",
    "withdraw_placement",
]
