from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class FellowshipsConfig(Front):
    name = "fellowships"
    menu = (
        Entry(_("Cycles"), "fellowships:cycle_list", "calendar-range"),
        Entry(_("Placements"), "fellowships:placement_list", "map-pin"),
        Entry(_("Cycles"), "public_cycle_list", public=True),
    )
    inbox = ("to_start", "to_agree")
    imports = ("COHORT", "PROJECTS")
    panels = {
        "partnerships.organisation": ("hosting_of",),
        "mou.agreement": ("placements_under",),
        "accounts.user": ("own_placements",),
    }
