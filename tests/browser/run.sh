#!/bin/bash
# run.sh BUILD - the survey's pages in a real browser; axe-core comes from npm, the rest from Debian.
set -e
cd "$(dirname "$0")/../.."
npm=$(command -v npm >/dev/null || echo npm)       # whoever has a newer one cannot have Debian's
# shellcheck disable=SC2086
sh tests/deps.sh chromium chromium-driver zbar-tools $npm
axe=$PWD/$1/axe
[ -f "$axe/node_modules/axe-core/axe.min.js" ] || npm install --silent --no-audit --no-fund --prefix "$axe" axe-core@4.14.1
export AXE=$axe/node_modules/axe-core/axe.min.js KWIT=$PWD/$1/kwit SCRATCH=${SCRATCH:-$PWD/$1/browser}
mkdir -p "$SCRATCH"
exec python3 tests/browser/pages.py
