#!/bin/sh
# deps.sh PACKAGE… - installs the Debian packages that are missing; silent and quick when none is.
if ! command -v dpkg-query >/dev/null; then
    echo "deps: this is no Debian; the build needs what these packages hold: $*" >&2
    exit 0
fi
newline='
'
installed=$newline$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null)$newline
missing=
for package in "$@"; do
    case $installed in
    *"$newline$package installed$newline"*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0
echo "installing, which takes some minutes:$missing"
run=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "deps: run as root, or install sudo; missing:$missing" >&2; exit 1; }
    run=sudo
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086
if ! { $run apt-get update -q &&
    $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    echo "deps: apt-get could not install:$missing" >&2
    exit 1
fi
