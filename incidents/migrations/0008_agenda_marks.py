import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_waking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.CharField(choices=[("cam", "CAM"), ("ttg", "TTG")], max_length=20)),
                ("why", models.TextField()),
                ("pieces", models.PositiveIntegerField(default=1)),
                ("raised_at", models.DateTimeField()),
                ("raised_as", models.CharField(max_length=120)),
                ("taken_up_at", models.DateTimeField(null=True)),
                ("taken_up_as", models.CharField(blank=True, max_length=120)),
                ("outcome", models.TextField(blank=True)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="agenda_marks", to="incidents.issue"
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_up_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_up_at__isnull", True)),
                        fields=["body", "raised_at", "id"],
                        name="incidents_agendamark_waiting",
                    ),
                    models.Index(fields=["issue", "-raised_at", "-id"], name="incidents_agendamark_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("body__in", ["cam", "ttg"])), name="incidents_agendamark_body_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_up_at__isnull", True)),
                        fields=("issue",),
                        name="incidents_agendamark_one_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("taken_up_at__isnull", True)),
                            models.Q(("taken_up_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="incidents_agendamark_taken_up_says_how",
                    ),
                ],
            },
        ),
    ]
