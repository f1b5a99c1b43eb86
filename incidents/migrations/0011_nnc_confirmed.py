import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0010_incidents_to_review"),
    ]

    operations = [
        migrations.AddField(
            "nncassessment",
            "confirms",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.nncassessment",
            ),
        ),
        migrations.AddField(
            "nncassessment", "confirms_reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
