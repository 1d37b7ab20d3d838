"""An anchor stays as it was taken."""

from django.db import migrations

from core.triggers import append_only, never_replaced


class Migration(migrations.Migration):
    dependencies = [("core", "0005_anchor")]
    operations = [append_only("core_anchor"), never_replaced("core_anchor", ("id",), ("day",))]
