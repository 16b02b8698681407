#!/bin/bash
# office_users.sh - runs office_users.py, which says what it proves; with Debian's own Python, whose SMTP server it uses.
# as root
[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || { echo "only root can become two other users"; exit 77; }
. tests/support/reach.sh
exec /usr/bin/python3 tests/e2e/office_users.py
