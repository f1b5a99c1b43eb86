"""Tokens expire. Those that are there get a year from now, so that no program stops on the day of the upgrade."""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone


def in_a_year():
    return timezone.now() + timedelta(days=365)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_post_telephones")]
    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="expires_at",
            field=models.DateTimeField(default=in_a_year),
            preserve_default=False,
        ),
    ]
