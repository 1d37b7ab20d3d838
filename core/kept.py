"""What core itself does not keep for ever: messages, what imports quoted, tasks that ended. And the job that applies it all."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import actions, jobs, rules
from core.access import HOUSE
from core.inbox import Waiting
from core.kinds import ImportState
from core.models import Import, Message
from core.retention import Keeping, announced, keepings, on_or_before, register


def _messages(day: date) -> QuerySet[Message]:
    return Message.objects.filter(on_or_before("created", day))


def _imports(day: date) -> QuerySet[Import]:
    """Closed ones that still hold what was in the files."""
    closed = Import.objects.filter(on_or_before("changed", day), state__in=[ImportState.APPLIED, ImportState.DISCARDED])
    return closed.exclude(files=[], tables=[], mapping="", faults=None)


def _of_message(message: Message) -> str:
    return _t("Message %(ref)s to %(to)s") % {"ref": message.ref, "to": message.to}


def _of_import(imported: Import) -> str:
    return _t("Import %(ref)s: %(title)s") % {"ref": imported.ref, "title": imported.title}


def _of_task(row: Any) -> str:
    return str(row.args_kwargs["args"][0])


MESSAGES = Keeping(
    kind="messages",
    title=_("Messages"),
    what=_("The text, the address and that it was sent go. What it was about stays, with its timeline."),
    period=timedelta(days=365),
    counted=_("after it was written"),
    basis=_(
        "For a year somebody may have to show who was told what, and when (legitimate interest, GDPR art. 6(1)(f)); after that"
        " the record itself says it (storage limitation, art. 5(1)(e))."
    ),
    rows=_messages,
    began="created",
    forget=actions.forget_messages,
    line=_of_message,
)
IMPORTS = Keeping(
    kind="imports",
    title=_("Files and rows of imports"),
    what=_("The files, the mapping and every quoted row go. The records that were imported stay, and the figures."),
    period=timedelta(days=90),
    counted=_("after the import was closed"),
    basis=_(
        "So long somebody may ask why a row became what it is; the files often hold more of people than was imported (data"
        " minimisation, GDPR art. 5(1)(c))."
    ),
    rows=_imports,
    began="changed",
    forget=actions.forget_imports,
    line=_of_import,
)
TASKS = Keeping(
    kind="tasks",
    title=_("Tasks of the worker that ended"),
    what=_("What was asked for, when, and the error if there was one."),
    period=timedelta(days=30),
    counted=_("after it ended"),
    basis=_("So long an error can be looked into; an error may quote a record (storage limitation, GDPR art. 5(1)(e))."),
    rows=jobs.ended,
    began="finished_at",
    forget=jobs.forget_tasks,
    line=_of_task,
    at_once=True,
)


def provide() -> None:
    """Called once, when core is ready."""
    for kept in (MESSAGES, IMPORTS, TASKS):
        register(kept)


def apply_retention(day: str) -> None:
    """The job of the clock, of the day on which it runs: delete what is due, announce what comes. Each kind by itself, so that
    one that fails stops no other. Run again it finds nothing."""
    failed: Exception | None = None
    for kept in keepings():
        try:
            actions.apply_retention(kept=kept, today=timezone.localdate(), by=HOUSE)
        except Exception as error:
            failed = error
    if failed:
        raise failed


def to_look_over(user: Any) -> Iterator[Waiting]:
    """For administrators: what has been announced and goes within the days of the notice, on one line. It is not urgent."""
    if not rules.hold_retention(user):
        return
    today = timezone.localdate()
    found = [each for each in (announced(kept, today) for kept in keepings()) if each]
    if found:
        number, day = sum(count for count, _day in found), min(day for _count, day in found)
        sentence = ngettext("%(n)s record is deleted, on %(day)s", "%(n)s records are deleted, the first on %(day)s", number)
        why = _t("Their time is over. Nothing has to be done; put the kind on hold if something speaks against it.")
        words = {"n": number, "day": date_format(day, "j F Y")}
        yield Waiting(sentence % words, reverse("core:retention_list"), why, act=_t("Look"))
