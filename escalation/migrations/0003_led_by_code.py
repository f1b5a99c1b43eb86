from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0002_waking"),
    ]

    operations = [
        migrations.AddField(
            "escalation", "led_by_code", models.CharField(blank=True, default="", max_length=9), preserve_default=False
        ),
    ]
