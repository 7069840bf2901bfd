#!/usr/bin/env bash
# require.sh TOOL…   Makes sure that the named tools (go, node, postgresql, chromium) are on this machine.
# What is missing is installed where apt and the rights exist; otherwise the command that installs it is named.
set -euo pipefail

go_wanted=$(sed -n 's/^go //p' "$(dirname "$0")/../local/go.mod")

is_there() {
  case $1 in
    go) command -v go >/dev/null && version_reaches "$(go env GOVERSION)" ;;
    node) command -v node >/dev/null && command -v npm >/dev/null ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
    *) echo "require.sh: unknown tool $1" >&2; exit 2 ;;
  esac
}

# version_reaches go1.26.9: go may also fetch the wanted version by itself, unless that is switched off.
version_reaches() {
  [ "$(go env GOTOOLCHAIN)" != local ] ||
    [ "$(printf '%s\n' "${1#go}" "$go_wanted" | sort -V | head -n 1)" = "$go_wanted" ]
}

packages_of() {
  case $1 in
    node) echo nodejs npm ;;
    *) echo "$1" ;;
  esac
}

packages=()
for tool in "$@"; do
  is_there "$tool" && continue
  if [ "$tool" = go ]; then
    echo "Go $go_wanted or newer is needed: https://go.dev/dl/" >&2
    exit 1
  fi
  read -r -a names <<<"$(packages_of "$tool")"
  packages+=("${names[@]}")
done
[ ${#packages[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null; then
  echo "Missing: ${packages[*]}. Install them with the package manager of this system." >&2
  exit 1
fi
if [ ${#as_root[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; then
  echo "Missing: ${packages[*]}. Install them with:" >&2
  echo "  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${packages[*]}" >&2
  exit 1
fi
echo "Installing ${packages[*]} …"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq </dev/null
"${as_root[@]}" apt-get install --yes -qq --no-install-recommends "${packages[@]}" </dev/null
