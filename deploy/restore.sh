#!/usr/bin/env bash
# restore.sh FILE [--replace]   Brings back what backup.sh saved; the next `docker compose up` goes on from it. Nothing of
# the installation may run. Data that are there are a reason to refuse; with --replace they are moved aside in their
# volume, to replaced-TIME, and not deleted.
set -euo pipefail
file=$(realpath "${1:?restore.sh FILE [--replace]}") replace=${2:-}
cd "$(dirname "$0")/.."

if [ -n "$(docker compose ps --quiet --status running)" ]; then
  echo "Something of the installation runs: docker compose down" >&2
  exit 1
fi
deploy/verify.sh "$file"
gzip -dc "$file" | docker compose run --rm -T --no-deps --entrypoint /bin/bash postgres -euc '
  cd "$(dirname "$PGDATA")"
  if [ -e "$PGDATA" ] && [ "$0" != --replace ]; then
    echo "There are data already; --replace moves them aside." >&2
    exit 1
  fi
  rm -rf restoring
  mkdir -m 700 restoring
  tar -x -C restoring
  sync
  if [ -e "$PGDATA" ]; then
    mv "$PGDATA" "replaced-$(date -u +%Y%m%dT%H%M%SZ)"
  fi
  mv restoring "$PGDATA"
' "${replace:-keep}"
echo "Restored from $file. docker compose up --detach goes on from it."
