"""An answer that was corrected stays as it was given."""

from django.db import migrations

from core.triggers import append_only, never_replaced


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0006_earlieranswer")]
    operations = [
        append_only("partnerships_earlieranswer"),
        never_replaced("partnerships_earlieranswer", ("id",), ("follow_up_id", "number")),
    ]
