from partnerships.views.organisation import (
    member_add,
    membership_end,
    organisation_add,
    organisation_detail,
    organisation_edit,
    organisation_list,
    programme_edit,
)

__all__ = [
    "member_add",
    "membership_end",
    "organisation_add",
    "organisation_detail",
    "organisation_edit",
    "organisation_list",
    "programme_edit",
]
