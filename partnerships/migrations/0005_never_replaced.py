"""On SQLite, INSERT OR REPLACE passed the trigger that keeps a letter from being taken back."""

from django.db import migrations

from core.triggers import never_replaced


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_programme_permissions")]
    operations = [
        never_replaced("partnerships_reminder", ("id",), ("follow_up_id", "kind"), ("follow_up_id", "sent_on")),
    ]
