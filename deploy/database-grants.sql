-- What the role of the running processes may do. Run by the owner after every migration (manage.py database_grants):
-- it says the whole of it each time, so that a second run changes nothing.
GRANT USAGE ON SCHEMA public TO opss_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM opss_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO opss_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO opss_app;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM opss_app;

-- What a trigger refuses to everybody is not even granted: the role can neither rewrite the record nor, since it owns
-- no table, disable a trigger. TRUNCATE is granted nowhere.
DO $$
DECLARE
    guarded record;
BEGIN
    FOR guarded IN
        SELECT DISTINCT tgrelid::regclass AS name,
               CASE WHEN tgname LIKE 'pgtrigger_refuse_update_delete_%' THEN 'UPDATE, DELETE' ELSE 'DELETE' END AS rights
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = 'public'::regnamespace
          AND (tgname LIKE 'pgtrigger_refuse_update_delete_%' OR tgname LIKE 'pgtrigger_refuse_delete_%')
    LOOP
        EXECUTE format('REVOKE %s ON %s FROM opss_app', guarded.rights, guarded.name);
    END LOOP;
END
$$;
