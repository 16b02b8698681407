#!/bin/bash
# office_users.sh - runs office_users.py, which says what it proves; with Debian's own Python, whose SMTP server it uses.
[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || { echo "only root can become two other users"; exit 77; }
chmod 755 "$SCRATCH"
setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$KWIT" || { echo "the build cannot be reached by another user"; exit 77; }
exec /usr/bin/python3 tests/e2e/office_users.py
