"""On SQLite, INSERT OR REPLACE passed the trigger that keeps the chain from being changed."""

from django.db import migrations

from core.triggers import never_replaced


class Migration(migrations.Migration):
    dependencies = [("core", "0003_imports")]
    operations = [never_replaced("core_event", ("seq",))]
