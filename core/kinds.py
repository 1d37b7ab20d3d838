"""The states of an import, the sentences of the chain about one, and what core and the libraries beneath it keep of people."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.deeds import Kind, deed
from core.privacy import End, Nobody, Personal, Subject


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
        _("What is deleted, and when"),
        None,
        (deed("hold_retention", _("See what goes next; put a kind on hold, lift it"), "core.hold_retention"),),
    ),
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


# What is kept of people.


def _about(subject: Subject) -> Q:
    """Events about somebody's record."""
    return Q(subject__endswith=f".person:{subject.ref}") | Q(subject__endswith=f".user:{subject.ref}")


def _sent(subject: Subject) -> Q:
    found = Q(pk__in=[])
    for address in subject.addresses:
        found |= Q(to__iexact=address)
    return found


def quoting(*fields: str) -> Any:
    """Rows in one of whose text fields a name or an address stands."""

    def where(subject: Subject) -> Q:
        found = Q(pk__in=[])
        for name in fields:
            for word in subject.words:
                found |= Q(**{f"{name}__icontains": word})
        return found

    return where


def _known_elsewhere(subject: Subject) -> Q:
    by_words: Q = quoting("key")(subject)
    return Q(target=subject.ref) | by_words


def _sessions(subject: Subject) -> Q:
    from django.contrib.sessions.models import Session

    rows = Session.objects.only("session_key", "session_data")
    keys = [row.pk for row in rows if row.get_decoded().get("_auth_user_id") == str(subject.user)] if subject.user else []
    return Q(pk__in=keys)


CHAIN = _("Nobody may be able to deny what was done: the line stays, and what names the person is taken out of it.")
EVENT = (
    Personal(
        _("What happened to the record"),
        _about,
        ("at", "verb", "data"),
        because=CHAIN,
        frozen=("by", "verb", "subject", "data", "hash"),
        drifts=True,
    ),
    Personal(
        _("What was done by the person"), lambda subject: Q(by=subject.ref), ("at", "verb", "subject"), because=CHAIN, drifts=True
    ),
)
MESSAGE = Personal(
    _("Messages"),
    _sent,
    ("created", "to", "subject", "lines", "link", "sent_at"),
    End.EMPTIED,
    _("That a message left is part of what was done; to whom and what it said goes."),
    {
        "key": lambda row, subject: f"erased:{row.ref}",
        "to": "",
        "subject": "",
        "lines": lambda row, subject: [],
        "link": "",
        "link_label": "",
        "why": "",
        "attachment": "",
        "attachment_name": "",
        "error": "",
        "sent_at": lambda row, subject: row.sent_at or timezone.now(),
    },
    drifts=True,
)
RUN = Nobody(_("The name of a job of the clock."))
SEQUENCE = Nobody(_("The name of a row of numbers."))
EXTERNAL_ID = Personal(_("Keys of other systems"), _known_elsewhere, ("source", "kind", "key"), End.DELETED)
IMPORT_MAPPING = Personal(
    _("Descriptions of own lists"), lambda subject: Q(belongs=subject.ref), ("title", "text", "changed"), End.DELETED
)
IMPORT = Personal(
    _("Imported lists"),
    lambda subject: Q(owner=subject.ref) | Q(asked_by=subject.ref) | Q(applied_by=subject.ref),
    ("title", "state", "created", "applied_at"),
    because=_("Where records came from has to be known as long as they are; who brought them is a reference without a name."),
)
IMPORT_FAULT = Personal(
    _("Rows of lists quoted in faults"),
    quoting("value", "sentence"),
    ("table", "row", "column", "value", "sentence"),
    End.DELETED,
)
# Of the libraries beneath.
PERSONAL = {
    "sessions.Session": Personal(_("Open sessions"), _sessions, ("expire_date",), End.DELETED, drifts=True),
    "guardian.UserObjectPermission": Personal(
        _("Permissions for one record"), ("user",), ("permission", "object_pk"), End.DELETED
    ),
    "django_tasks_database.DBTaskResult": Personal(
        _("Jobs that quote the person"), quoting("args_kwargs", "traceback"), ("enqueued_at",), End.DELETED, drifts=True
    ),
}
