from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0006_requests"),
    ]

    operations = [
        migrations.AddField("commission", "overdue_told_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "commission",
            models.Index(
                condition=models.Q(("due__isnull", False), ("overdue_told_at__isnull", True), ("status", "asked")),
                fields=["due", "id"],
                name="incidents_commission_waking",
            ),
        ),
    ]
