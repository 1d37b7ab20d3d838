"""On SQLite, INSERT OR REPLACE passed the triggers that keep what was sent and signed from being changed."""

from django.db import migrations

from core.triggers import never_replaced


class Migration(migrations.Migration):
    dependencies = [("mou", "0002_guards")]
    operations = [
        never_replaced("mou_agreementversion", ("id",), ("agreement_id", "number")),
        never_replaced("mou_rendition", ("id",), ("version_id", "kind")),
        never_replaced("mou_signature", ("id",), ("version_id", "party_id")),
    ]
