"""Who coordinates, audits or administers reads the log."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_guard_anchor"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="event",
            options={"default_permissions": (), "permissions": [("read_log", "Can read the log")]},
        ),
    ]
