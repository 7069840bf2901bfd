#!/usr/bin/env bash
# Runs once, when PostgreSQL starts on an empty volume: users and databases of the product and the engine.
set -euo pipefail

create() { # USER DATABASE…   with the password in the secret USER_password
  user=$1
  shift
  password=$(cat "${SECRETS:-/run/secrets}/${user}_password")
  printf "CREATE ROLE %s LOGIN PASSWORD '%s';\n" "$user" "$password"
  for database in "$@"; do
    printf 'CREATE DATABASE %s OWNER %s;\nREVOKE CONNECT, TEMPORARY ON DATABASE %s FROM PUBLIC;\n' "$database" "$user" "$database"
  done
}

{
  create miglobe miglobe
  create temporal temporal temporal_visibility
  create archive
  echo 'ALTER ROLE archive REPLICATION;'
} | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}"

echo 'host replication archive all scram-sha-256' >>"$PGDATA/pg_hba.conf"
