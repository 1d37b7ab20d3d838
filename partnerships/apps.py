from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class PartnershipsConfig(Front):
    name = "partnerships"
    deeds = "states"
    menu = (
        Entry(_("Programmes"), "partnerships:programme_list", "waypoints"),
        Entry(_("Organisations"), "partnerships:organisation_list", "building-2"),
        Entry(_("Organisations"), "public_organisation_list", public=True),
        Entry(_("Hackathons"), "partnerships:hackathon_list", "lightbulb"),
        Entry(_("Follow-ups"), "partnerships:follow_up_list", "message-circle-question-mark"),
        Entry(_("Hackathons"), "public_hackathon_list", public=True),
    )
    inbox = ("to_staff", "to_choose_who_signs", "to_answer", "to_run", "to_find_owners")
    daily = ("ask_follow_ups",)
    imports = ("ORGANISATIONS", "OUTPUTS")
    panels = {
        "accounts.user": ("roles_of",),
        "accounts.person": ("roles_held",),
        "accounts.invitation": ("invited_to",),
        "partnerships.organisation": ("outputs_of",),
    }
    shows = {"partnerships.organisation": ("owned_by", "held_by")}

    def ready(self) -> None:
        super().ready()
        from accounts import rules
        from accounts.models import provide_places
        from core import access, audit, sharing
        from partnerships.models import (
            acting_for,
            holders,
            keepers_of_the_chain,
            live_scopes,
            offices_of,
            places_of_user,
            steps_asked_of,
        )
        from partnerships.notices import purposes_of
        from partnerships.rules import ties_of

        access.provide(live_scopes)
        sharing.provide_holders(holders)
        sharing.provide_acting(acting_for)
        provide_places(places_of_user)
        audit.provide_keepers(keepers_of_the_chain)
        rules.provide_offices(offices_of)
        rules.provide_ties(ties_of)
        rules.provide_purposes(purposes_of)
        rules.provide_second_steps(steps_asked_of)
