"""The states of an import, and the sentences of the chain about one."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed


class ImportState(models.TextChoices):
    """Where an import stands. CHECKING and APPLYING: a job is at it."""

    UPLOADED = "uploaded", _("Files are there")
    MAPPED = "mapped", _("Columns are named")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    APPLYING = "applying", _("Being imported")
    APPLIED = "applied", _("Imported")
    DISCARDED = "discarded", _("Discarded")


S = ImportState
IMPORT_KEPT = timedelta(days=30)  # so long an import waits for somebody to go on with it
# Word for word as the list and the page say it.
TONES = {
    S.UPLOADED: "wait",
    S.MAPPED: "wait",
    S.CHECKING: "info",
    S.CHECKED: "wait",
    S.APPLYING: "info",
    S.APPLIED: "good",
    S.DISCARDED: "gone",
}
SENTENCES = {
    "event.redacted": _("%(who)s had %(values)s values erased from %(events)s events of the chain: %(why)s"),
    "retention.applied": _("What had been kept long enough was deleted: %(count)s of “%(kind)s”."),
    "retention.held": _("%(who)s put “%(kind)s” on hold, so that nothing of it is deleted: %(reason)s"),
    "retention.lifted": _("%(who)s lifted the hold on “%(kind)s”."),
    "chain.relinked": _(
        "An update linked the audit chain anew, so that values can be erased from it: %(events)s events. It ended with %(before)s"
        " until then. Ends that were kept before this day fit no more."
    ),
    "import.added": _("%(who)s uploaded %(files)s."),
    "import.refiled": _("%(who)s changed the files: %(files)s."),
    "import.mapped": _("%(who)s said which column is what."),
    "import.check_asked": _("%(who)s had it checked."),
    "import.checked": _("The check ended: %(figures)s."),
    "import.check_refused": _("The check ended without a result: %(reason)s"),
    "import.apply_asked": _("%(who)s decided to import: %(figures)s."),
    "import.applied": _("%(who)s imported: %(figures)s."),
    "import.apply_refused": _("Nothing was imported: %(reason)s"),
    "import.overtaken": _("Nothing was imported, because the records have changed since the check."),
    "import.discarded": _("%(who)s discarded the import."),
    "import.abandoned": _("Nobody had touched it for %(days)s days: it was discarded, and its files were deleted."),
}


# Who keeps the records that a list goes to is said by the apps that import: no permission of its own.
DEEDS = (
    Kind(_("Log of all changes"), None, (deed("read_log", _("Read of what one runs or audits"), "core.read_log"),)),
    Kind(
        _("Import of a list"),
        ImportState,
        (
            deed("add_import view_import", _("Upload a list; see it"), "", besides=_("Who keeps the records that it goes to.")),
            deed(
                "edit_import discard_import",
                _("Change files, columns and values; discard it"),
                "",
                {S.UPLOADED, S.MAPPED, S.CHECKING, S.CHECKED},
                _("The same."),
            ),
            deed("check_import", _("Have it checked"), "", {S.MAPPED, S.CHECKED}, _("The same.")),
            deed("apply_import", _("Import it"), "", {S.CHECKED}, _("The same.")),
        ),
    ),
)
