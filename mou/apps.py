from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class MouConfig(Front):
    name = "mou"
    deeds = "states"
    menu = (
        Entry(_("Agreements"), "mou:agreement_list", "file-text"),
        Entry(_("Duties"), "mou:duty_list", "list-checks"),
        Entry(_("Agreements"), "public_agreement_list", public=True),
    )
    inbox = ("to_sign", "to_send", "duties_due")
    jobs = ("render_agreement", "render_executed")
    daily = ("expire_agreements",)
    panels = {"partnerships.organisation": ("agreements_of",)}
    counts = {"partnerships.organisation": ("bound_by",)}
    shows = {"partnerships.organisation": ("signed_by",)}

    def ready(self) -> None:
        super().ready()
        from accounts.rules import provide_ties
        from mou.rules import ties_of

        provide_ties(ties_of)
