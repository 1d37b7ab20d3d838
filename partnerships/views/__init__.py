from partnerships.views.organisation import (
    member_add,
    membership_date,
    membership_end,
    organisation_add,
    organisation_detail,
    organisation_edit,
    organisation_list,
    public_organisation,
    public_organisation_list,
)
from partnerships.views.programme import (
    programme_detail,
    programme_edit,
    programme_list,
    programme_open,
    programme_role_date,
    programme_role_end,
    programme_role_give,
)

__all__ = [
    "member_add",
    "membership_date",
    "membership_end",
    "organisation_add",
    "organisation_detail",
    "organisation_edit",
    "organisation_list",
    "programme_detail",
    "programme_edit",
    "programme_list",
    "programme_open",
    "programme_role_date",
    "programme_role_end",
    "programme_role_give",
    "public_organisation",
    "public_organisation_list",
]
