#!/usr/bin/env bash
# Makes what docker-compose.yml needs and the repository must not hold: passwords in deploy/secrets, settings in .env,
# the operator's facts in deploy/operator.txt. What is there is never written over.
set -euo pipefail
cd "$(dirname "$0")/.."

secrets=deploy/secrets
# Containers run as other users than the owner of these files, and Compose hands files on as they are: the folder keeps
# everybody else on this machine out.
mkdir -p -m 700 "$secrets"

keep() { # FILE   writes standard input to it unless it is there
  if [ -e "$1" ]; then
    cat >/dev/null
    echo "  kept $1"
  else
    cat >"$1.new"
    chmod 644 "$1.new"
    mv "$1.new" "$1"
    echo "  made $1"
  fi
}

password() {
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

for name in postgres miglobe temporal archive grafana; do
  password | keep "$secrets/${name}_password"
done
printf 'postgres://miglobe:%s@postgres/miglobe?sslmode=disable' "$(cat "$secrets/miglobe_password")" | keep "$secrets/database"
printf '' | keep "$secrets/smtp_password"
keep .env <deploy/env.example
keep deploy/operator.txt <deploy/operator.example
