from django.utils.translation import gettext_lazy as _

from core.front import Entry, Front


class CoreConfig(Front):
    name = "core"
    deeds = "kinds"
    personal = True
    menu = (
        Entry(_("Desk"), "core:desk", "inbox"),
        Entry(_("Anchors of the audit chain"), "public_anchor_list", public=True, foot=True),
    )

    def ready(self) -> None:
        super().ready()
        from django.conf import settings

        # checks registers itself
        from core import anchoring, checks, importing, inbox, jobs, kept, notify, panels  # noqa: F401

        jobs.register("core.send_message", notify.send)
        inbox.register(importing.open_imports)
        inbox.register(kept.to_look_over)
        panels.register(settings.AUTH_USER_MODEL.lower(), panels.shared_with)
        jobs.register("core.check_import", importing.check_import, urgent=True)
        jobs.register("core.apply_import", importing.apply_import, urgent=True)
        jobs.register("core.sweep_import_files", importing.sweep_files)
        jobs.register("core.anchor_chain", anchoring.anchor_chain, daily=True)
        jobs.register("core.discard_abandoned_imports", importing.discard_abandoned, daily=True)
        jobs.register("core.apply_retention", kept.apply_retention, daily=True)
        kept.provide()
