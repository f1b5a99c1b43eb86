# ruff: noqa: E501 (triggers, as pgtrigger compiled them)

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# The sums of each kind take the place of its rows, in one statement: whoever reads meanwhile sees one or the other.
FOLD = """
CREATE FUNCTION public.escalation_tallies_fold() RETURNS void LANGUAGE sql AS $$
    WITH folded AS (
        DELETE FROM escalation_stagetally WHERE (stage, team, sensitivity) IN (
            SELECT stage, team, sensitivity FROM escalation_stagetally GROUP BY 1, 2, 3 HAVING count(*) > 1
        )
        RETURNING stage, team, sensitivity, count
    )
    INSERT INTO escalation_stagetally (stage, team, sensitivity, count)
    SELECT stage, team, sensitivity, sum(count) FROM folded GROUP BY 1, 2, 3 HAVING sum(count) <> 0
$$
"""
# From the climbs themselves. Moves wait until it is done, and it for those under way, so that none counts twice.
RENEW = """
CREATE FUNCTION public.escalation_tallies_renew() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE escalation_stagetally IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM escalation_stagetally;
    INSERT INTO escalation_stagetally (stage, team, sensitivity, count)
    SELECT stage, handling_team, sensitivity, count(*) FROM escalation_escalation WHERE is_current GROUP BY 1, 2, 3;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0004_received"),
        ("incidents", "0012_acting_reason"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StageTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("reported", "Reported"),
                            ("assessing", "Being assessed"),
                            ("handled_in_function", "Handled in the function"),
                            ("referred", "Referred to the Deputy Director"),
                            ("cam", "CAM"),
                            ("ttg", "TTG"),
                            ("cam_ep", "CAM-EP"),
                            ("case_conference", "Case conference"),
                            ("coordinated", "Coordinated across OPSS"),
                            ("led_elsewhere", "Led elsewhere"),
                            ("monitoring", "Monitoring"),
                            ("incident_declared", "Incident declared"),
                            ("supporting_response", "Supporting response"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "team",
                    models.CharField(
                        choices=[
                            ("enforcement", "Enforcement"),
                            ("intelligence", "Intelligence"),
                            ("risk", "Risk"),
                            ("legal", "Legal"),
                            ("engineering_technology", "Engineering and Technology"),
                            ("science", "Science"),
                            ("communications", "Communications"),
                            ("policy", "Policy"),
                            ("targeting", "Targeting"),
                            ("incident_management", "Incident Management"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("official", "Official"),
                            ("official_sensitive", "Official-Sensitive"),
                            ("restricted", "Restricted to a named list"),
                        ],
                        max_length=20,
                    ),
                ),
                ("count", models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(
                condition=models.Q(("is_current", True), ("sensitivity", "restricted")),
                fields=["issue"],
                name="escalation_restricted",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO escalation_stagetally (stage, team, sensitivity, count) SELECT stage, handling_team, sensitivity, count(*) FROM added WHERE is_current GROUP BY stage, handling_team, sensitivity; RETURN NULL;",
                    hash="c2ae85c9d362827c594b4a0edac01f0626e918db",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_tally_added_bcc8c",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="escalation_escalation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."handling_team" IS DISTINCT FROM (NEW."handling_team") OR OLD."is_current" IS DISTINCT FROM (NEW."is_current") OR OLD."sensitivity" IS DISTINCT FROM (NEW."sensitivity") OR OLD."stage" IS DISTINCT FROM (NEW."stage"))',
                    func="IF OLD.is_current THEN INSERT INTO escalation_stagetally (stage, team, sensitivity, count) VALUES (OLD.stage, OLD.handling_team, OLD.sensitivity, -1); END IF; IF NEW.is_current THEN INSERT INTO escalation_stagetally (stage, team, sensitivity, count) VALUES (NEW.stage, NEW.handling_team, NEW.sensitivity, 1); END IF; RETURN NULL;",
                    hash="2ae33b4faa27af1ab18dc783ea5fd781dd77a90c",
                    operation="UPDATE",
                    pgid="pgtrigger_tally_changed_a8fe5",
                    table="escalation_escalation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF OLD.is_current THEN INSERT INTO escalation_stagetally (stage, team, sensitivity, count) VALUES (OLD.stage, OLD.handling_team, OLD.sensitivity, -1); END IF; RETURN NULL;",
                    hash="cbd409afefed69085a395efde407ae09ce409ae2",
                    operation="DELETE",
                    pgid="pgtrigger_tally_removed_2063c",
                    table="escalation_escalation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="stagetally",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "reported",
                            "assessing",
                            "handled_in_function",
                            "referred",
                            "cam",
                            "ttg",
                            "cam_ep",
                            "case_conference",
                            "coordinated",
                            "led_elsewhere",
                            "monitoring",
                            "incident_declared",
                            "supporting_response",
                            "closed",
                            "merged",
                        ],
                    )
                ),
                name="escalation_stagetally_stage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagetally",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "team__in",
                        [
                            "enforcement",
                            "intelligence",
                            "risk",
                            "legal",
                            "engineering_technology",
                            "science",
                            "communications",
                            "policy",
                            "targeting",
                            "incident_management",
                        ],
                    )
                ),
                name="escalation_stagetally_team_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagetally",
            constraint=models.CheckConstraint(
                condition=models.Q(("sensitivity__in", ["official", "official_sensitive", "restricted"])),
                name="escalation_stagetally_sensitivity_known",
            ),
        ),
        migrations.RunSQL(FOLD, "DROP FUNCTION public.escalation_tallies_fold()"),
        migrations.RunSQL(RENEW, "DROP FUNCTION public.escalation_tallies_renew()"),
        migrations.RunSQL("SELECT escalation_tallies_renew()", migrations.RunSQL.noop),
    ]
