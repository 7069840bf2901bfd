#!/usr/bin/env bash
# Builds bin/miglobe-local and shows how far it is: the first build compiles the workflow engine.
set -euo pipefail
cd "$(dirname "$0")/../local"

target=../bin/miglobe-local
if [ ! -x "$target" ]; then
  echo "The first build compiles the workflow engine: about 5 minutes on two cores, seconds from then on."
fi
total=$(go list -deps ./cmd/miglobe-local | wc -l)

# go build -v names every package that it compiles on a line of its own; all other lines are messages.
show_progress() {
  local compiled=0 line
  while IFS= read -r line; do
    if [[ $line =~ ^[A-Za-z0-9._~/-]+$ ]]; then
      compiled=$((compiled + 1))
      if [ -t 1 ]; then
        printf '\r  %d of at most %d packages compiled ' "$compiled" "$total"
      elif [ $((compiled % 200)) -eq 0 ]; then
        printf '  %d of at most %d packages compiled\n' "$compiled" "$total"
      fi
    else
      printf '%s\n' "$line"
    fi
  done
  if [ -t 1 ] && [ "$compiled" -gt 0 ]; then
    printf '\n'
  fi
}

go build -buildvcs=false -v -o "$target" ./cmd/miglobe-local 2>&1 | show_progress
