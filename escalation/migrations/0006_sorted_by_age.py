from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0005_tallies"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(
                models.ExpressionWrapper(models.Q(("ended_at__isnull", False)), output_field=models.BooleanField()),
                models.F("received_at"),
                models.F("id"),
                condition=models.Q(("is_current", True)),
                name="escalation_age",
            ),
        ),
    ]
