from partnerships.actions.followup import answer_follow_up, ask_follow_up, give_up_follow_up, remind_owner
from partnerships.actions.hackathon import (
    close_hackathon,
    edit_hackathon,
    open_hackathon,
    publish_hackathon,
    unpublish_hackathon,
)
from partnerships.actions.organisation import (
    add_member,
    add_organisation,
    date_membership,
    edit_organisation,
    end_membership,
    import_organisations,
    invite_member,
    land_organisations,
    remember_mapping,
)
from partnerships.actions.output import add_output, edit_output, name_owner, remove_output
from partnerships.actions.programme import (
    date_programme_role,
    edit_programme,
    end_programme_role,
    give_programme_role,
    invite_to_programme,
    open_programme,
)

__all__ = [
    "add_member",
    "add_organisation",
    "add_output",
    "answer_follow_up",
    "ask_follow_up",
    "close_hackathon",
    "date_membership",
    "date_programme_role",
    "edit_hackathon",
    "edit_organisation",
    "edit_output",
    "edit_programme",
    "end_membership",
    "end_programme_role",
    "give_programme_role",
    "give_up_follow_up",
    "import_organisations",
    "invite_member",
    "invite_to_programme",
    "land_organisations",
    "name_owner",
    "open_hackathon",
    "open_programme",
    "publish_hackathon",
    "remember_mapping",
    "remind_owner",
    "remove_output",
    "unpublish_hackathon",
]
