from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class PartnershipsConfig(Front):
    name = "partnerships"
    menu = (Entry(_("Organisations"), "partnerships:organisation_list", "building-2"),)
    imports = ("ORGANISATIONS",)
    panels = {"accounts.user": ("roles_of",)}

    def ready(self) -> None:
        super().ready()
        from core import access
        from partnerships.models import live_scopes

        access.provide(live_scopes)
