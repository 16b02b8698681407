#!/bin/bash
# second_user.sh - runs second_user.py, which says what it proves.
# as root
[ "$(id -u)" = 0 ] || { echo "only root can become another user"; exit 77; }
. tests/support/reach.sh
exec python3 tests/e2e/second_user.py
