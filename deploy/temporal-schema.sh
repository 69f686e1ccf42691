#!/bin/sh
# Brings Temporal's own two databases to the schema of this version of the server. Repeatable: `setup-schema` leaves a
# schema that is there alone, `update-schema` applies what is missing. The password is SQL_PASSWORD.
set -eu

bring() {
  tool="temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db $1"
  $tool setup-schema --version 0.0
  $tool update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

bring temporal temporal
bring temporal_visibility visibility
