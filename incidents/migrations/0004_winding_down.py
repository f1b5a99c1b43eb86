"""Incidents wind down, close and come back as a new phase; those on record are in their first."""

from django.db import migrations, models
from django.db.models import F


def begin_first_phase(apps, schema_editor):
    apps.get_model("incidents", "Incident").objects.update(phase_began_at=F("declared_at"))


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_impact_matrix")]

    operations = [
        migrations.AddField("incident", "phase", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("incident", "phase_began_at", models.DateTimeField(null=True)),
        migrations.RunPython(begin_first_phase, migrations.RunPython.noop),
        migrations.AlterField("incident", "phase_began_at", models.DateTimeField()),
        migrations.AddField("incident", "is_half_agreed", models.BooleanField(default=False)),
        migrations.AddField("incident", "winding_down_since", models.DateTimeField(null=True)),
        migrations.AddField("incident", "watched_by", models.CharField(blank=True, max_length=250)),
        migrations.AddField("incident", "review_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "incident",
            models.CheckConstraint(condition=models.Q(phase__gte=1), name="incidents_incident_phase_from_one"),
        ),
        migrations.AddConstraint(
            "incident",
            models.CheckConstraint(
                condition=models.Q(is_half_agreed=False) | models.Q(status="active"),
                name="incidents_incident_half_agreed_while_active",
            ),
        ),
    ]
