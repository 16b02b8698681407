#!/bin/bash
# admit.sh - runs admit.py, which says what it proves, in a mount namespace: users, state and locks of the machine are its own.
# as root
[ "$(id -u)" = 0 ] || { echo "only root can admit somebody"; exit 77; }
for program in setfacl gpasswd groupadd setpriv; do
    command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
. tests/support/reach.sh
unshare -m mount -t tmpfs none /var/lib 2>/dev/null || { echo "no mount namespace here: nobody is admitted"; exit 77; }
cp -a /etc "$SCRATCH/etc" 2>/dev/null      # but for what is secret, where root is lent
exec unshare -m bash -c 'mount -t tmpfs -o mode=755 none /var/lib && mount -t tmpfs -o mode=755 none /run && mkdir -m 1777 /run/lock &&
    mount --bind "$SCRATCH/etc" /etc && exec python3 tests/e2e/admit.py'
