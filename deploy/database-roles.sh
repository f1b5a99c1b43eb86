#!/bin/sh
# Run by the postgres image when its volume is new.
set -eu
psql -v ON_ERROR_STOP=1 -v owner_password="$OPSS_DB_OWNER_PASSWORD" -v app_password="$OPSS_DB_APP_PASSWORD" \
  --username "$POSTGRES_USER" --dbname postgres --file /opss/database-roles.sql
