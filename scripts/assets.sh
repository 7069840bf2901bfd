#!/usr/bin/env bash
# Puts the files of the design system that the pages load beside the server's own, from node_modules: the
# style sheet, and of the fonts only the files that their style sheet names.
set -euo pipefail
cd "$(dirname "$0")/.."

from=node_modules/@kern-ux/native
to=server/static/kern

find "$to" -mindepth 1 ! -name README.md -delete
mkdir -p "$to/fonts/fira-sans"
cp "$from/LICENSE.md" "$to/LICENSE.md"
cp "$from/dist/fonts/fira-sans.css" "$to/fonts/"
grep -o 'fira-sans/[A-Za-z-]*\.woff2' "$from/dist/fonts/fira-sans.css" | sort -u | while read -r font; do
  cp "$from/dist/fonts/$font" "$to/fonts/$font"
done
# Last: make takes this file as the sign that all of them are there.
cp "$from/dist/kern.min.css" "$to/"
touch "$to/kern.min.css"
