"""Every write about copies of what is kept of somebody: asked for, made, fetched, gone."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notices, rules
from accounts.kinds import EXPORT_DAYS
from accounts.models import Export, Person
from core import access, audit
from core.access import Actor
from core.action import action, lock, store
from core.jobs import later


@action
def ask_export(*, person: Person, by: Actor, reason: str = "") -> Export:
    """A copy of all that is kept of somebody. Asked twice while it is made, it is made once."""
    lock(person)
    access.require(rules.ask_export, by, person)
    export = Export.objects.filter(person=person, made_at=None).first()
    if export is None:
        export = Export.objects.create(person=person, asked_by=by.ref, reason=reason[:300])
        audit.record("person.export_asked", person, by=by, reason=reason or _("their own wish"))
        later("accounts.make_export", export.ref)
    elif export.created < timezone.now() - timedelta(hours=1):
        later("accounts.make_export", export.ref)  # whatever stood in the way then
    return export


@action
def name_export(*, export: Export, file: str, by: Actor) -> None:
    """Which file it will be, before it is written: what a crash leaves is known, and removed by the next try."""
    access.require(rules.run_house, by)
    lock(export)
    if export.file not in ("", file):
        later("core.sweep_import_files", export.file)
    store(export, {"file": file})


@action
def note_export_made(*, export: Export, size: int, rows: int, files: int, by: Actor) -> None:
    """It is whole and can be taken along. An earlier copy goes; who it is about is told by mail."""
    access.require(rules.run_house, by)
    lock(export)
    now = timezone.now()
    for earlier in Export.objects.filter(person=export.person_id).exclude(pk=export.pk).exclude(file=""):
        end_export(export=earlier, by=by)
    store(export, {"size": size, "made_at": now, "until": now + timedelta(days=EXPORT_DAYS)})
    audit.record("person.export_made", export.person, by=by, rows=rows, files=files)
    notices.export_made(export)


@action
def note_export_fetched(*, export: Export, by: Actor) -> None:
    """Somebody has taken it along."""
    access.require(rules.fetch_export, by, export)
    audit.record("person.export_fetched", export.person, by=by)


@action
def end_export(*, export: Export, by: Actor) -> None:
    """Its days are over: the file goes, that there was one stays."""
    access.require(rules.run_house, by)
    lock(export)
    if export.file:
        later("core.sweep_import_files", export.file)
        store(export, {"file": ""})
