#!/bin/sh
# Run once by the postgres image, on an empty volume: a role and databases for Temporal, and a role and a database for
# Gridcase. Neither can read the other's, and neither is the superuser.
set -eu

psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres \
  --set temporal_password="$TEMPORAL_DB_PASSWORD" --set gridcase_password="$GRIDCASE_DB_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE ROLE gridcase LOGIN PASSWORD :'gridcase_password';
CREATE DATABASE gridcase OWNER gridcase;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, gridcase FROM PUBLIC;
SQL
