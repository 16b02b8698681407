#!/bin/bash
# reach.sh - sourced by tests that become another user: $KWIT is a command which everybody can run. A clone below a closed
# home is reached by nobody else, so the command and what it loads are lent from the test's own place then.
chmod 755 "$SCRATCH"
if [ "$(id -u)" = 0 ] && ! setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$KWIT"; then
    install -d "$SCRATCH/lent" && install "$(dirname "$KWIT")"/kwit "$(dirname "$KWIT")"/*.so "$SCRATCH/lent/" || exit 1
    export KWIT=$SCRATCH/lent/kwit
fi
