"""Copies of data and erasures. Nothing that is there changes: a column that may be empty, two new tables, a permission more."""

import django.db.models.deletion
from django.db import migrations, models

import core.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_invitation"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="person",
            options={
                "default_permissions": (),
                "permissions": [
                    ("view_person", "Can see the person and their sign-in"),
                    ("keep_sign_in", "Can deactivate and reactivate the sign-in"),
                    ("change_address", "Can change the address of the sign-in"),
                    ("shield_person", "Can keep the name off public pages"),
                    ("answer_request", "Can hand out and erase what is kept of the person"),
                ],
            },
        ),
        migrations.AddField(
            model_name="person",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(default=core.models.new_ref, editable=False, max_length=20, unique=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("wish", models.TextField(blank=True, verbose_name="what they wrote")),
                ("answer_by", models.DateField(blank=True, null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("chosen", models.JSONField(blank=True, default=list)),
                ("also", models.JSONField(blank=True, default=list)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=40, null=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("refused_by", models.CharField(blank=True, max_length=40, null=True)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.person")),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None), ("refused_at", None), ("taken_back_at", None)),
                        fields=("person",),
                        name="erasure_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="erasure_confirmed_by_somebody",
                        violation_error_message="Both facts belong together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused_at__isnull", True), ("refused_by__isnull", True)),
                            models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="erasure_refused_by_somebody",
                        violation_error_message="Both facts belong together.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(default=core.models.new_ref, editable=False, max_length=20, unique=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("asked_by", models.CharField(max_length=40)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.person")),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("made_at", None)), fields=("person",), name="export_made_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("until__isnull", True)),
                            models.Q(("made_at__isnull", False), ("until__isnull", False)),
                            _connector="OR",
                        ),
                        name="export_made_and_until_when",
                        violation_error_message="Both facts belong together.",
                    ),
                ],
            },
        ),
    ]
