#!/bin/busybox sh
# checks.sh - what the guest's jobs share: how a condition is told, a till, and a printer that is plugged in.
# shellcheck shell=dash disable=SC2034
failed=0
check() { # condition command…
    name=$1
    shift
    if "$@" >/tmp/check.out 2>&1; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        sed 's/^/    /' /tmp/check.out | tail -20
        failed=1
    fi
}
has() { grep -q -- "$1" "$2" || { tail -5 "$2"; return 1; }; }
is() { [ "$1" = "$2" ] || { echo "is '$1', not '$2'"; return 1; }; }
await() { # seconds command…
    local left=$(($1 * 10))
    shift
    until "$@" 2>/dev/null; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        usleep 100000
    done
}
as() { su "$1" -s /bin/sh -c "cd /tmp; $2"; }
sale() { sed "1,/\"id\"/s/\"id\": *\"[^\"]*\"/\"id\": \"$1\"/" /sale.json >/tmp/sale-$1.json; chmod 644 /tmp/sale-$1.json; }
print_as() { # user id options: the JSON line in /tmp/ID.line, the exit status returned
    sale $2
    as $1 "$4 kwit print --json $3 /tmp/sale-$2.json" >/tmp/$2.line 2>/tmp/$2.err
}
section() { echo "--- $* ($(cut -d' ' -f1 /proc/uptime) s)"; }
NAME=04b8-0e15-J4HF012345
LINK=/dev/receipt/by-serial/$NAME
plug() { # options of the simulator; it lives in $sim
    kwit simulate --vhci --usb id=04b8:0e15,serial=J4HF012345,maker=EPSON --profile tm-t20ii "$@" >/tmp/sim.out 2>&1 &
    sim=$!
    await 20 [ -c $LINK ]
    await 10 [ -c /dev/usb/lp0 ]
    udevadm settle --timeout=10
}
unplug() {
    kill $sim 2>/dev/null
    wait $sim
    await 10 [ ! -e $LINK ]
}
status_of() { # command: leaves its exit status in $status
    "$@" >/tmp/status.out 2>&1
    status=$?
}
ends_with() { [ "$status" = "$1" ] || { cat /tmp/status.out; echo "ended with $status"; return 1; }; }      # status_of's
# What the package's tmpfiles make.
state_places() {
    mkdir -p /var/lib/kwit /run/lock/kwit && chown root:kwit /var/lib/kwit /run/lock/kwit && chmod 2770 /var/lib/kwit /run/lock/kwit
}
