"""Imports at the desk: what was uploaded, how it is read, what was found.

The name of a remembered mapping is unique for whom it belongs to, no longer for all: no row that is there becomes invalid.
"""

import django.db.models.deletion
from django.db import migrations, models

import core.models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(default=core.models.new_ref, editable=False, max_length=20, unique=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("target", models.CharField(max_length=40)),
                ("space", models.CharField(blank=True, max_length=20)),
                ("owner", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200, verbose_name="name of the list")),
                ("files", models.JSONField(default=list)),
                ("tables", models.JSONField(default=list)),
                ("mapping", models.TextField(blank=True)),
                ("origin", models.CharField(blank=True, max_length=20)),
                ("turn", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Files are there"),
                            ("mapped", "Columns are named"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("applying", "Being imported"),
                            ("applied", "Imported"),
                            ("discarded", "Discarded"),
                        ],
                        default="uploaded",
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("asked_by", models.CharField(blank=True, max_length=40, null=True)),
                ("result", models.JSONField(blank=True, default=dict)),
                ("problem", models.TextField(blank=True)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("applied_by", models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ImportFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("table", models.CharField(max_length=300)),
                ("row", models.PositiveIntegerField()),
                ("column", models.TextField(blank=True)),
                ("value", models.TextField(blank=True)),
                ("sentence", models.TextField()),
                ("severity", models.CharField(max_length=10)),
                ("kind", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "ordering": ["place"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="importmapping",
            name="belongs",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="importmapping",
            name="slug",
            field=models.CharField(max_length=100),
        ),
        migrations.AddConstraint(
            model_name="importmapping",
            constraint=models.UniqueConstraint(fields=("slug", "belongs"), name="import_mapping_once"),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(fields=["target", "space", "-id"], name="import_of_space"),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(fields=["owner", "-id"], name="import_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["uploaded", "mapped", "checking", "checked", "applying", "applied", "discarded"])
                ),
                name="import_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked_at__isnull", True), ("asked_by__isnull", True)),
                    models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                    _connector="OR",
                ),
                name="import_asked_by_somebody",
                violation_error_message="Both facts belong together.",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", True), ("applied_by__isnull", True)),
                    models.Q(("applied_at__isnull", False), ("applied_by__isnull", False)),
                    _connector="OR",
                ),
                name="import_applied_by_somebody",
                violation_error_message="Both facts belong together.",
            ),
        ),
        migrations.AddField(
            model_name="importfault",
            name="of",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="faults", to="core.import"),
        ),
        migrations.AddConstraint(
            model_name="importfault",
            constraint=models.UniqueConstraint(fields=("of", "place"), name="import_fault_once"),
        ),
    ]
