# ruff: noqa: E501 (conditions of triggers, as pgtrigger compiled them)

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# A search vector holds less than a megabyte, so what a file of evidence might say beyond a quarter of it is not found.
RENEW = """
CREATE FUNCTION public.incidents_search_renew(renewed bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO incidents_searchtext (issue_id, words, said)
    SELECT
        issue.id,
        setweight(to_tsvector('public.opss_words', issue.title), 'A') || to_tsvector(
            'public.opss_words',
            left(concat_ws(' ', issue.reference, issue.summary, product.said, business.said, notice.said), 250000)
        ),
        left(public.opss_fold(concat_ws(' ', issue.reference, issue.title, product.said, business.said)), 10000)
    FROM incidents_issue issue
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', name, brand, model, category, barcode, batch), ' ' ORDER BY id) AS said
        FROM incidents_product WHERE issue_id = issue.id
    ) product
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', name, company_number), ' ' ORDER BY id) AS said
        FROM incidents_business WHERE issue_id = issue.id
    ) business
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', external_id, said.text), ' ') AS said
        FROM incidents_foreignnotice
        CROSS JOIN LATERAL (
            SELECT string_agg(item #>> '{}', ' ') AS text
            FROM jsonb_path_query(content, 'strict $.**') AS item WHERE jsonb_typeof(item) = 'string'
        ) said
        WHERE issue_id = issue.id
    ) notice
    WHERE issue.id = ANY(renewed)
    ORDER BY issue.id
    ON CONFLICT (issue_id) DO UPDATE SET words = excluded.words, said = excluded.said
    WHERE (incidents_searchtext.words, incidents_searchtext.said) IS DISTINCT FROM (excluded.words, excluded.said)
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0008_agenda_marks"),
        ("kernel", "0002_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "issue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="incidents.issue",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("said", models.TextField()),
            ],
        ),
        migrations.RunSQL(RENEW, "DROP FUNCTION public.incidents_search_renew(bigint[])"),
        migrations.RemoveIndex(
            model_name="issue",
            name="incidents_issue_title_search",
        ),
        migrations.RemoveIndex(
            model_name="product",
            name="incidents_product_name_search",
        ),
        migrations.AddIndex(
            model_name="incident",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("title", config="opss_words"),
                name="incidents_incident_words",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="business",
            trigger=pgtrigger.compiler.Trigger(
                name="search_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM incidents_search_renew(ARRAY(SELECT DISTINCT issue_id FROM added)); RETURN NULL;",
                    hash="88024a3a3f5716f28bb9080cdcfc85b3de3d9677",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_added_7a466",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="incidents_business",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="business",
            trigger=pgtrigger.compiler.Trigger(
                name="search_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."company_number" IS DISTINCT FROM (NEW."company_number") OR OLD."name" IS DISTINCT FROM (NEW."name"))',
                    func="PERFORM incidents_search_renew(ARRAY[NEW.issue_id]); RETURN NULL;",
                    hash="8d40665d8aeb52a831aed461dab957fec423c3ba",
                    operation="UPDATE",
                    pgid="pgtrigger_search_changed_cbfdf",
                    table="incidents_business",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="business",
            trigger=pgtrigger.compiler.Trigger(
                name="search_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM incidents_search_renew(ARRAY[OLD.issue_id]); RETURN NULL;",
                    hash="3a2bee2b68fefd701223d0fc04d2ed1ae46d99b2",
                    operation="DELETE",
                    pgid="pgtrigger_search_removed_b29dc",
                    table="incidents_business",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="foreignnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="search_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM incidents_search_renew(ARRAY(SELECT DISTINCT issue_id FROM added)); RETURN NULL;",
                    hash="2d7396a4fb75606a75360cb8ce83a0e64f054a9b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_added_3d233",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="incidents_foreignnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="foreignnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="search_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id"))',
                    func="PERFORM incidents_search_renew(ARRAY[NEW.issue_id]); RETURN NULL;",
                    hash="5ed5de8f01ce8f1220fe3aef85c1a1dce59a4159",
                    operation="UPDATE",
                    pgid="pgtrigger_search_changed_34fa3",
                    table="incidents_foreignnotice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issue",
            trigger=pgtrigger.compiler.Trigger(
                name="search_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM incidents_search_renew(ARRAY(SELECT DISTINCT id FROM added)); RETURN NULL;",
                    hash="e5524811fb07e20c7a1e6004121d0aaecfa9426b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_added_0e8bc",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="incidents_issue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issue",
            trigger=pgtrigger.compiler.Trigger(
                name="search_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func="PERFORM incidents_search_renew(ARRAY[NEW.id]); RETURN NULL;",
                    hash="d6ca0edb03b8fac4d0f166d034701e4634c5f290",
                    operation="UPDATE",
                    pgid="pgtrigger_search_changed_a5636",
                    table="incidents_issue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="search_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM incidents_search_renew(ARRAY(SELECT DISTINCT issue_id FROM added)); RETURN NULL;",
                    hash="6892264eed7ddcb2ab4ffde535a5dbdfa8f7653a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_added_f3031",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="incidents_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="search_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."barcode" IS DISTINCT FROM (NEW."barcode") OR OLD."batch" IS DISTINCT FROM (NEW."batch") OR OLD."brand" IS DISTINCT FROM (NEW."brand") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."model" IS DISTINCT FROM (NEW."model") OR OLD."name" IS DISTINCT FROM (NEW."name"))',
                    func="PERFORM incidents_search_renew(ARRAY[NEW.issue_id]); RETURN NULL;",
                    hash="1137e260d43aa1897b8001928d6415a10b8f2f3b",
                    operation="UPDATE",
                    pgid="pgtrigger_search_changed_1ec29",
                    table="incidents_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="search_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM incidents_search_renew(ARRAY[OLD.issue_id]); RETURN NULL;",
                    hash="65466e7818f07e6f0fc5d9e15c0b3024a9d42a5b",
                    operation="DELETE",
                    pgid="pgtrigger_search_removed_8fa88",
                    table="incidents_product",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="incidents_searchtext_words"),
        ),
        migrations.AddIndex(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["said"], name="incidents_searchtext_said", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.RunSQL(
            "SELECT public.incidents_search_renew(ARRAY(SELECT id FROM incidents_issue))", migrations.RunSQL.noop
        ),
    ]
