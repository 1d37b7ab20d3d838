"""Answers that were corrected, as they were given."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_site_roles"),
        ("partnerships", "0005_never_replaced"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlierAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("adopted", "Adopted"),
                            ("piloted", "Piloted"),
                            ("merged", "Merged into other work"),
                            ("procured", "Procured"),
                            ("published", "Published only"),
                            ("paused", "Paused"),
                            ("abandoned", "Abandoned"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=20,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=500)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("answered_on", models.DateField()),
                ("on_behalf", models.BooleanField()),
                ("why", models.CharField(max_length=300)),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "answered_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"),
                ),
                ("follow_up", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="partnerships.followup")),
            ],
            options={
                "ordering": ["follow_up", "-number"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["adopted", "piloted", "merged", "procured", "published", "paused", "abandoned", "unknown"],
                            )
                        ),
                        name="earlier_outcome_known",
                    ),
                    models.UniqueConstraint(fields=("follow_up", "number"), name="earlier_answer_once"),
                ],
            },
        ),
    ]
