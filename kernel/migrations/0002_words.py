from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """What every search needs: words of English whose accents do not matter, and texts without accents and capitals.

    `opss_fold` is immutable as `unaccent` is not, since its dictionary is named: so an index may use it.
    """

    dependencies = [("kernel", "0001_counter")]
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(
            """
            CREATE TEXT SEARCH CONFIGURATION public.opss_words (COPY = pg_catalog.english);
            ALTER TEXT SEARCH CONFIGURATION public.opss_words
                ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.english_stem;
            CREATE FUNCTION public.opss_fold(said text) RETURNS text
                LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
                AS $$ SELECT lower(public.unaccent('public.unaccent', said)) $$;
            """,
            """
            DROP FUNCTION public.opss_fold(text);
            DROP TEXT SEARCH CONFIGURATION public.opss_words;
            """,
        ),
    ]
