-- Once for a new installation, by an administrator of the PostgreSQL server:
--   psql -v owner_password=... -v app_password=... -f deploy/database-roles.sql postgres
-- opss_owner owns the tables and migrates; opss_app is what web, worker and beat sign in as. What opss_app may do is in
-- database-grants.sql.
CREATE ROLE opss_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE opss_app LOGIN PASSWORD :'app_password';
CREATE DATABASE opss OWNER opss_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE opss FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE opss TO opss_app;
