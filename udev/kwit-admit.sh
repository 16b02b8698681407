#!/bin/sh
# kwit-admit - lets a person of this machine print: at once by an ACL on the journal, the locks and the printers that are plugged
# in, and from the next login on as a member of group kwit. The packages call it for whoever installs them.
set -eu
places="/run/lock/kwit /var/lib/kwit"
fail() { echo "kwit-admit: $1" >&2; exit "$2"; }
usage="usage: kwit-admit [USER]            USER may print; without a name whoever called sudo or sits at the screen
       kwit-admit --remove USER     USER may not any more"

# Who installs is who prints: they are asked for in the order of how sure that is, and root needs nothing.
at_machine() {
    session=$(loginctl show-seat seat0 --property=ActiveSession --value 2>/dev/null) || session=
    sitting=
    if [ -n "$session" ] && [ "$(loginctl show-session "$session" --property=Class --value 2>/dev/null)" = user ]; then
        sitting=$(loginctl show-session "$session" --property=Name --value 2>/dev/null) || sitting=
    fi
    called=$(id -nu "${PKEXEC_UID:-0}" 2>/dev/null) || called=
    for name in "${SUDO_USER:-}" "$called" "$sitting"; do
        if [ -n "$name" ] && [ "$name" != root ]; then
            echo "$name"
            return
        fi
    done
}

# Locks first: two who print on one printer must never take different ones.
# A key that makes others' keys (of an epoch, of the office) stays with who made it, also where it was let before.
give() {
    for place in $places; do
        [ -d $place ] || continue
        find -H $place -type d -exec setfacl -m "u:$1:rwx,d:u:$1:rwX" {} + 2>/dev/null || return 1
        find -H $place -type f ! -name 'epoch-*.key' ! -name office.key ! -name staff.key -exec setfacl -m "u:$1:rwX" {} + 2>/dev/null ||
            return 1
        find -H $place -type f '(' -name 'epoch-*.key' -o -name office.key -o -name staff.key ')' -exec setfacl -x "u:$1" {} + 2>/dev/null ||
            true
    done
    for node in /dev/receipt/by-path/*; do
        [ ! -e "$node" ] || setfacl -m "u:$1:rw" "$node" 2>/dev/null || return 1
    done
}
take() {
    for place in $places; do
        [ ! -d $place ] || setfacl -R -x "u:$1,d:u:$1" $place 2>/dev/null || true
    done
    for node in /dev/receipt/by-path/*; do
        [ ! -e "$node" ] || setfacl -x "u:$1" "$node" 2>/dev/null || true
    done
}

remove=
case ${1:-} in
--help | -h) echo "$usage"; exit 0 ;;
--remove) remove=yes; shift; [ $# = 1 ] || fail "whom? $usage" 64 ;;
-*) fail "there is no option $1; $usage" 64 ;;
esac
[ $# -le 1 ] || fail "one user at a time; $usage" 64
[ "$(id -u)" = 0 ] || fail "only root can; run: sudo kwit-admit $*" 77
person=${1:-$(at_machine)}
if [ -z "$person" ]; then
    echo "kwit: root can print. Each other user who prints, once:  sudo kwit-admit USER"
    exit 0
fi
number=$(id -u -- "$person" 2>/dev/null) || fail "there is no user $person on this machine" 67
if [ -n "$remove" ]; then
    gpasswd -d "$person" kwit >/dev/null 2>&1 || true
    take "$number"
    echo "kwit: $person has no ACL on /var/lib/kwit any more, and is no member of group kwit from the next login on"
    exit 0
fi
getent group kwit >/dev/null || fail "there is no group kwit yet; run: systemd-sysusers && systemd-tmpfiles --create" 69
now=yes later=yes
give "$number" || { now=; take "$number"; }
gpasswd -a "$person" kwit >/dev/null 2>&1 || later=
case $now,$later in
yes,yes) echo "kwit: $person can print now, by an ACL on /var/lib/kwit, and is a member of group kwit from the next login on" ;;
,yes) echo "kwit: $person can print from the next login on, as a member of group kwit; not before: /var/lib/kwit takes no ACLs" ;;
yes,) echo "kwit: $person can print until this machine starts again, by an ACL on /var/lib/kwit; gpasswd put nobody into group kwit" ;;
*) fail "$person could not be let: /var/lib/kwit takes no ACLs, and gpasswd put nobody into group kwit" 73 ;;
esac
echo "kwit: each other user who prints, once:  sudo kwit-admit USER"
