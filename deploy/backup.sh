#!/usr/bin/env bash
# backup.sh FOLDER [KEEP]   Saves consultations and engine as they stand at one moment, while everything runs, into
# FOLDER/miglobe-TIME.tar.gz; checks what was written, and keeps the newest KEEP back-ups (14). It holds everything that
# people have said: encrypt the folder, and copy it to another place.
set -euo pipefail
umask 077
mkdir -p "${1:?backup.sh FOLDER [KEEP]}"
folder=$(realpath "$1") keep=${2:-14}
cd "$(dirname "$0")/.."

file="$folder/miglobe-$(date -u +%Y%m%dT%H%M%SZ).tar.gz"
docker compose exec -T postgres pg_basebackup --username=postgres --pgdata=- --format=tar --wal-method=fetch \
  --checkpoint=fast --manifest-checksums=SHA256 | gzip >"$file.unfinished"
deploy/verify.sh "$file.unfinished"
mv "$file.unfinished" "$file"
echo "Saved and checked: $file"

find "$folder" -maxdepth 1 -name 'miglobe-*.tar.gz' | sort -r | tail -n "+$((keep + 1))" | xargs -r rm --
