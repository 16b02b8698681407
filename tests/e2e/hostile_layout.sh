#!/bin/bash
# hostile_layout.sh - runs hostile_layout.py, which says what it proves, with the command built with sanitizers.
export KWIT="$BUILD/sanitize/kwit" ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0"
[ -x "$KWIT" ] || { echo "there is no command built with sanitizers: make sanitized-programs"; exit 77; }
exec python3 tests/e2e/hostile_layout.py
