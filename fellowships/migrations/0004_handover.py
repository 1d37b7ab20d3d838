"""The handover of a placement, and the state that it leads to.

Safe: the constraints of placements only widen, every row that fits the old ones fits the new ones. On SQLite each of these
changes rebuilds the table, which loses its trigger: it is lifted first and put back at the end, on both databases.
"""

import django.db.models.deletion
from django.db import migrations, models

import core.models
from core.triggers import refuse

# As 0003_guards has it.
UNCOVERED = """
NEW.state = 'active' AND NOT EXISTS (
  SELECT 1 FROM mou_agreement a
  JOIN mou_party p ON p.agreement_id = a.id
  JOIN fellowships_host h ON h.organisation_id = p.organisation_id
  JOIN fellowships_cycle c ON c.id = h.cycle_id AND c.programme_id = a.programme_id
  WHERE a.id = NEW.agreement_id AND h.id = NEW.host_id
    AND a.state = 'in_force' AND a.starts <= NEW.starts AND a.ends >= NEW.ends
)
"""
GATE = refuse("fellowships_placement", "active_needs_agreement", UNCOVERED)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("fellowships", "0003_guards"),
        ("mou", "0002_guards"),
    ]

    operations = [
        migrations.RunPython(GATE.reverse_code, GATE.code),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(default=core.models.new_ref, editable=False, max_length=20, unique=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("outline", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField()),
                ("rule", models.CharField(max_length=200)),
                ("due", models.DateField(blank=True, null=True)),
                ("milestones", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["placement__host__organisation__name", "placement__fellow__person__name", "pk"],
                "permissions": [
                    ("view_handover", "Can see the handover"),
                    ("edit_handover", "Can write the sections of the handover"),
                    ("assign_handover", "Can name who receives"),
                    ("waive_handover", "Can waive a required section"),
                    ("receive_handover", "Can be named to receive a section"),
                ],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(default=core.models.new_ref, editable=False, max_length=20, unique=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("key", models.CharField(max_length=40)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("level", models.CharField(choices=[("must", "Required"), ("should", "Recommended")], max_length=10)),
                ("owner_role", models.CharField(max_length=40)),
                ("rule", models.CharField(max_length=200)),
                ("due", models.DateField(blank=True, null=True)),
                ("questions", models.JSONField(default=list)),
                ("done_means", models.CharField(max_length=300)),
                ("restricted", models.BooleanField(default=False)),
                ("answers", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("waived", "Waived"),
                            ("left_out", "Left out"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("offered_at", models.DateTimeField(blank=True, null=True)),
                ("sent_back", models.TextField(blank=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_sha256", models.CharField(blank=True, max_length=64)),
                ("waived_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["handover", "number"],
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="placement",
            name="placement_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="placement",
            name="placement_active_has_days_and_agreement",
        ),
        migrations.RemoveConstraint(
            model_name="placement",
            name="placement_withdrawn_has_day",
        ),
        migrations.AlterField(
            model_name="placement",
            name="state",
            field=models.CharField(
                choices=[
                    ("recorded", "Recorded"),
                    ("planned", "Planned"),
                    ("active", "Active"),
                    ("completed", "Completed"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="planned",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["recorded", "planned", "active", "completed", "withdrawn"])),
                name="placement_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["active", "completed"]), _negated=True),
                    models.Q(("agreement__isnull", False), ("ends__isnull", False), ("starts__isnull", False)),
                    _connector="OR",
                ),
                name="placement_active_has_days_and_agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state__in", ("withdrawn", "completed"))),
                    models.Q(models.Q(("state__in", ("withdrawn", "completed")), _negated=True), ("ended_on", None)),
                    _connector="OR",
                ),
                name="placement_ended_has_day",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
                verbose_name="receiving lead",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="placement",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="fellowships.placement"),
        ),
        migrations.AddField(
            model_name="section",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="handover",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="fellowships.handover"),
        ),
        migrations.AddField(
            model_name="section",
            name="receiver",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="waived_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["due"], name="handover_by_date"),
        ),
        migrations.AddIndex(
            model_name="section",
            index=models.Index(fields=["receiver", "state"], name="section_of_receiver"),
        ),
        migrations.AddIndex(
            model_name="section",
            index=models.Index(fields=["state", "due"], name="section_by_date"),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "offered", "accepted", "waived", "left_out"])),
                name="section_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(condition=models.Q(("level__in", ["must", "should"])), name="section_level_known"),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(fields=("handover", "key"), name="section_once"),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                    _connector="OR",
                ),
                name="section_accepted_who_and_when",
                violation_error_message="Both facts belong together.",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accepted_by__isnull", False),
                        ("receiver", models.F("accepted_by")),
                        ("state", "accepted"),
                        models.Q(("accepted_sha256", ""), _negated=True),
                    ),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("accepted_by", None), ("accepted_sha256", "")),
                    _connector="OR",
                ),
                name="section_accepted_by_its_receiver",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("waived_at__isnull", True), ("waived_by__isnull", True)),
                    models.Q(("waived_at__isnull", False), ("waived_by__isnull", False)),
                    _connector="OR",
                ),
                name="section_waived_who_and_when",
                violation_error_message="Both facts belong together.",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("level", "must"),
                        ("state", "waived"),
                        ("waived_by__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(
                        ("level", "should"), ("state", "left_out"), ("waived_by", None), models.Q(("reason", ""), _negated=True)
                    ),
                    models.Q(models.Q(("state__in", ["waived", "left_out"]), _negated=True), ("reason", ""), ("waived_by", None)),
                    _connector="OR",
                ),
                name="section_waived_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["offered", "accepted"]), _negated=True),
                    models.Q(("offered_at__isnull", False), ("receiver__isnull", False)),
                    _connector="OR",
                ),
                name="section_offered_to_somebody",
            ),
        ),
        GATE,
    ]
