from django.db import migrations, models

# What stands open before the clock knew it wakes somebody too. A review is worked out again when it is looked at.
SET = """
UPDATE escalation_escalation
   SET wakes_at = LEAST(due_at, (review_on + time '09:00') AT TIME ZONE 'Europe/London')
 WHERE is_current AND ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0001_climb"),
        ("incidents", "0007_waking"),
    ]

    operations = [
        migrations.AddField("escalation", "review_told", models.DateField(null=True)),
        migrations.AddField("escalation", "target_told_visit", models.PositiveIntegerField(default=0)),
        migrations.AddField("escalation", "wakes_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "escalation",
            models.Index(
                condition=models.Q(("is_current", True), ("wakes_at__isnull", False)),
                fields=["wakes_at", "id"],
                name="escalation_waking",
            ),
        ),
        migrations.RunSQL(SET, migrations.RunSQL.noop),
    ]
