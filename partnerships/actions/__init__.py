from partnerships.actions.organisation import (
    add_member,
    add_organisation,
    edit_organisation,
    end_membership,
    import_organisations,
    invite_member,
    land_organisations,
    remember_mapping,
)
from partnerships.actions.programme import (
    edit_programme,
    end_programme_role,
    give_programme_role,
    open_programme,
)

__all__ = [
    "add_member",
    "add_organisation",
    "edit_organisation",
    "edit_programme",
    "end_membership",
    "end_programme_role",
    "give_programme_role",
    "import_organisations",
    "invite_member",
    "land_organisations",
    "open_programme",
    "remember_mapping",
]
