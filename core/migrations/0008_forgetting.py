"""The chain links digests of values instead of values, so that a value can be erased and every hash stays.

What is in the chain already is linked anew: it was hashed as a whole, and nothing could be erased from it. That is done only
to a chain that is whole and has every anchor of this database, and an event says so. The anchors go, because they are ends of
the chain as it was. It cannot be taken back. docs/adr/0026 says why.
"""

import hashlib
import json
import secrets

from django.db import migrations, models
from django.utils import timezone

from core.triggers import guard, lift, never_replaced

BATCH = 500


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def check(events, head, anchors):
    """Raises RuntimeError unless the chain, as it was linked until now, is whole and has these anchors."""
    previous, seq, ends = "", 0, {0: "0" * 64}
    for event in events.order_by("seq").iterator():
        seq += 1
        line = [previous, seq, event.at.isoformat(), event.by, event.verb, event.subject, event.data]
        if event.seq != seq or event.hash != sha256(canonical(line)):
            raise RuntimeError(
                f"The audit chain breaks at event {seq}, so it is not linked anew: that would hide it. Run manage.py"
                " verify_audit with the version before this one and find out who changed the database."
            )
        ends[seq] = previous = event.hash
    if (head.seq, head.hash) != (seq, previous):
        raise RuntimeError(f"The audit chain does not end where its head says (event {head.seq}), so it is not linked anew.")
    for anchor in anchors.all():
        if ends.get(anchor.seq) != anchor.hash:
            raise RuntimeError(f"The audit chain does not have the anchor of {anchor.day}, so it is not linked anew.")


def linked(event, previous):
    """Give the event its salts and its new hash; the hash."""
    event.salts = {key: secrets.token_hex(16) for key in event.data}
    digests = {key: sha256(event.salts[key] + canonical(value)) for key, value in event.data.items()}
    line = [previous, event.seq, event.at.isoformat(), event.by, event.verb, event.subject, digests]
    event.hash = sha256(canonical(line))
    return event.hash


def relink(apps, editor):
    Event, Head, Anchor = (apps.get_model("core", name) for name in ("Event", "Head", "Anchor"))
    head = Head.objects.get(pk=1)
    if head.seq == 0 and not Event.objects.exists():
        return
    check(Event.objects, head, Anchor.objects)
    facts = {"events": head.seq, "before": f"{head.seq}:{head.hash}", "anchors": Anchor.objects.count()}
    previous = ""
    for start in range(0, head.seq, BATCH):
        rows = list(Event.objects.filter(seq__gt=start, seq__lte=start + BATCH).order_by("seq"))
        for event in rows:
            previous = linked(event, previous)
        Event.objects.bulk_update(rows, ["salts", "hash"])
    told = Event(seq=head.seq + 1, at=timezone.now(), by="house", verb="chain.relinked", subject="core.head:1", data=facts)
    head.hash = linked(told, previous)
    told.save(force_insert=True)
    head.seq, head.generation = told.seq, head.generation + 1
    head.save()
    lift(editor.connection, "core_anchor")
    Anchor.objects.all().delete()
    guard(editor.connection, "core_anchor")


class Migration(migrations.Migration):
    dependencies = [("core", "0007_read_log")]
    operations = [
        migrations.RunPython(lambda apps, editor: lift(editor.connection, "core_event"), migrations.RunPython.noop),
        migrations.AddField("event", "salts", models.JSONField(default=dict)),
        migrations.AddField("event", "gone", models.JSONField(default=dict)),
        migrations.AlterModelOptions("head", {"default_permissions": (), "verbose_name": "audit chain"}),
        migrations.RunPython(relink),
        migrations.RunPython(lambda apps, editor: guard(editor.connection, "core_event", forgets=True)),
        never_replaced("core_event", ("seq",)),  # on SQLite a new column makes a new table, without its triggers
    ]
