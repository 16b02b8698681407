#!/bin/bash
# run.sh BUILD [SALES [STEP]] - the long form of tests/e2e/torture.sh: every byte, every system call, every allocation
# (with STEP: each STEPth of them, of the bytes every 20 STEPth), and
# SALES sales with a random fault each (seeded by SEED, resumable: call again with the same SCRATCH).
build=$1 sales=${2:-100000} step=${3:-1}
cd "$(dirname "$0")/../.." || exit 1
export KWIT="$PWD/$build/kwit" SCRATCH=${SCRATCH:-$PWD/$build/torture} XDG_CONFIG_HOME=/nonexistent
mkdir -p "$SCRATCH"
shim=$SCRATCH/nomem.so
${CC:-cc} -shared -fPIC -O1 tests/torture/nomem.c -o "$shim" || exit 1
failed=0
bytes=$((step == 1 ? 1 : step * 20))
for part in "kills.py --step $step" "nomem.py $shim --step $step" "faults.py --step $bytes" "sales.py --count $sales --seed ${SEED:-1}"; do
    echo "== $part"
    SCRATCH=$SCRATCH/${part%%.*} && export SCRATCH && mkdir -p "$SCRATCH"
    # shellcheck disable=SC2086
    python3 tests/torture/$part || failed=1
    SCRATCH=$(dirname "$SCRATCH")
done
exit $failed
