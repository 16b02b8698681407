#!/bin/bash
# distcheck.sh MAKE - a clone of what is committed builds, passes its tests, installs, prints from where it was
# installed, and uninstalls to nothing. Without DISTCHECK_TESTS=no the whole `make check` runs in the clone.
make=$1
cd "$(dirname "$0")/.." || exit 1
set -e
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
[ -z "$(git status --porcelain)" ] || echo "distcheck: what is not committed is not checked"
git clone -q . "$work/kwit"
cd "$work/kwit"
$make --no-print-directory all >"$work/log" 2>&1 || { tail -30 "$work/log"; exit 1; }
[ "${DISTCHECK_TESTS:-yes}" = no ] || $make --no-print-directory check
$make --no-print-directory install DESTDIR="$work/root" PREFIX=/usr >"$work/log" 2>&1 || { tail -30 "$work/log"; exit 1; }
KWIT="$PWD/build/kwit" BUILD="$PWD/build" SCRATCH="$work" INSTALLED="$work/root" bash tests/e2e/installed.sh
$make --no-print-directory uninstall DESTDIR="$work/root" PREFIX=/usr >/dev/null
left=$(find "$work/root" ! -type d)
[ -z "$left" ] || { echo "uninstall leaves:"; echo "$left"; exit 1; }
[ -z "$(git status --porcelain)" ] || { echo "building leaves in the tree:"; git status --porcelain; exit 1; }
$make --no-print-directory clean
[ ! -e build ] || { echo "clean leaves build"; exit 1; }
echo "distcheck: clone, build, install, print, uninstall: all well"
