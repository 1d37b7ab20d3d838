from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class FellowshipsConfig(Front):
    name = "fellowships"
    deeds = "states"
    menu = (
        Entry(_("Cycles"), "fellowships:cycle_list", "calendar-range"),
        Entry(_("Projects"), "fellowships:project_list", "target"),
        Entry(_("Placements"), "fellowships:placement_list", "map-pin"),
        Entry(_("Handovers"), "fellowships:handover_list", "package-check"),
        Entry(_("Cycles"), "public_cycle_list", public=True),
    )
    counts = {"partnerships.organisation": ("working_at",)}
    shows = {"partnerships.organisation": ("hosting",)}
    inbox = ("to_open", "to_start", "to_agree", "to_write", "to_accept", "handovers_late", "to_complete")
    imports = ("COHORT", "PROJECTS")
    panels = {
        "partnerships.organisation": ("hosting_of",),
        "partnerships.programme": ("cycles_of", "next_cycle"),
        "mou.agreement": ("records_of", "placements_under"),
        "accounts.user": ("own_placements",),
        "accounts.invitation": ("invited_to",),
    }

    def ready(self) -> None:
        super().ready()
        from accounts.rules import provide_minders, provide_purposes, provide_ties
        from fellowships.notices import purposes_of
        from fellowships.rules import minds, ties_of

        provide_minders(minds)
        provide_ties(ties_of)
        provide_purposes(purposes_of)
