#!/usr/bin/env bash
# verify.sh FILE   Unpacks a back-up in a container that is thrown away, and compares every file with its checksum.
set -euo pipefail
file=$(realpath "${1:?verify.sh FILE}")
cd "$(dirname "$0")/.."

image=$(docker compose config --images postgres)
gzip -dc "$file" | docker run --rm -i --network none --read-only --tmpfs /tmp --user 70:70 --cap-drop ALL \
  --security-opt no-new-privileges --entrypoint /bin/bash "$image" -euc '
    mkdir "$0" && tar -x -C "$0" && pg_verifybackup --quiet "$0"
  ' /var/lib/postgresql/data/check
