"""What the clock puts off stands in `notify.PutOff` from here on; the columns go with the release after this one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("command", "0004_rhythm_occurrences"),
        ("notify", "0005_put_off"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="rhythmoccurrence", name="failures"),
                migrations.RemoveField(model_name="rhythmoccurrence", name="try_again_at"),
            ],
            database_operations=[
                # The release before this one reads and counts on: it must find a number.
                migrations.RunSQL(
                    "ALTER TABLE command_rhythmoccurrence ALTER COLUMN failures SET DEFAULT 0",
                    "ALTER TABLE command_rhythmoccurrence ALTER COLUMN failures DROP DEFAULT",
                ),
            ],
        ),
    ]
