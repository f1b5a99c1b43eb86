from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rest", "0001_idempotent_answer")]

    operations = [
        migrations.AddField(
            model_name="idempotentanswer",
            name="about",
            field=models.JSONField(default=list),
        ),
    ]
