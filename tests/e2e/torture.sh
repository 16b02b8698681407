#!/bin/bash
# torture.sh - samples of `make torture`: kills at system calls, failed allocations, faults at bytes, random sales.
# takes minutes
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null || { echo "needs python3"; exit 77; }
export KWIT=${KWIT:-$PWD/build/kwit} SCRATCH=${SCRATCH:-$(mktemp -d)} XDG_CONFIG_HOME=/nonexistent
case $KWIT in /*) ;; *) KWIT=$PWD/$KWIT ;; esac
mkdir -p "$SCRATCH"
shim=$SCRATCH/nomem.so failed=0
${CC:-cc} -shared -fPIC -O1 tests/torture/nomem.c -o "$shim" || exit 1
nomem="nomem.py $shim --step 31"
# A build that counts writes its counts at the end, and gcov does not live without memory.
case $KWIT in */coverage/kwit) nomem= ;; esac
for part in "kills.py --step 9 --offset ${TORTURE_OFFSET:-4}" "$nomem" \
    "faults.py --step 600 --fault paper-out --fault cover --fault unplug --fault power-loss --fault short-write" \
    "faults.py --step 900 --fault dead --fault mute --fault garbage --fault cutter-jam" "sales.py --count 100 --seed 7"; do
    [ -n "$part" ] || continue
    name=${part%%.*}
    mkdir -p "$SCRATCH/$name"
    # shellcheck disable=SC2086
    SCRATCH=$SCRATCH/$name python3 tests/torture/$part
    status=$?
    [ $status -eq 0 ] || [ $status -eq 77 ] || failed=1
done
exit $failed
