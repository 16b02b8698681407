#!/bin/bash
# start.sh - what one call costs from its start to its end, as multiples of a program that only exits.
#
# How long a disk takes to sync is the disk's affair and differs a hundredfold between machines, so the limit of a durable
# print is held with the state in memory; the same print on this disk, and what one sync of it costs, stand beside it.
# The limits hold on a virtual machine too, where each new page of memory asks the host (a write of 1 KiB to a file in
# memory took 90 us on one); the aims are for a machine of one's own.
set -e
memory=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$memory"' EXIT
config=$SCRATCH/kwit.conf state=$SCRATCH/state pairs=${BENCH_PAIRS:-300}
mkdir -p "$state"
cat >"$config" <<END
[store]
id = bench
[printer]
uri = file:$SCRATCH/paper.bin
profile = tm-t20iii
[survey]
url = HTTPS://FB.EXAMPLE/{token}
address = fb.example
END
: >"$SCRATCH/paper.bin"
python3 tests/bench/sales.py "$SCRATCH/short" $((pairs + 10)) 12
python3 tests/bench/sales.py "$SCRATCH/long" $((pairs + 10)) 200
kwit=("$KWIT" --config "$config" --state "$state")
"${kwit[@]}" survey key new >/dev/null
status=0
"$RATIO" "cold kwit --version" "$pairs" - "$FLOOR" "$KWIT" --version || status=1
"$RATIO" "cold print --dry-run, 12 lines (aim 1.5x)" "$pairs" 3 "$FLOOR" "${kwit[@]}" print --dry-run "$SCRATCH/short/0.json" || status=1
"$RATIO" "cold print --dry-run, 200 lines" "$pairs" - "$FLOOR" "${kwit[@]}" print --dry-run "$SCRATCH/long/0.json" || status=1
"$RATIO" "(this disk: 80 KiB appended and synced, nothing else)" "$pairs" - "$FLOOR" "$BENCH/disk" "$SCRATCH/disk" || status=1
"$RATIO" "cold durable print to a file, 12 lines, on this disk" "$pairs" - "$FLOOR" "${kwit[@]}" print "$SCRATCH/short/{n}.json" || status=1
"$RATIO" "cold durable print to a file, 200 lines, on this disk" "$pairs" - "$FLOOR" "${kwit[@]}" print "$SCRATCH/long/{n}.json" || status=1
in_memory=("$KWIT" --config "$config" --state "$memory/state" print --printer "file:$memory/paper.bin")
mkdir -p "$memory/state"
: >"$memory/paper.bin"
"$KWIT" --config "$config" --state "$memory/state" survey key new >/dev/null
"$RATIO" "cold durable print, 12 lines, state in memory (aim 3x)" "$pairs" 9 "$FLOOR" "${in_memory[@]}" "$SCRATCH/short/{n}.json" || status=1
"$RATIO" "cold durable print, 200 lines, state in memory" "$pairs" - "$FLOOR" "${in_memory[@]}" "$SCRATCH/long/{n}.json" || status=1
"$RATIO" "the same sale again (duplicate)" "$pairs" - "$FLOOR" "${kwit[@]}" print "$SCRATCH/short/0.json" || status=1
"$BENCH/bench_process" "$config" "$state" "$SCRATCH/short/0.json" "${BENCH_SECONDS:-2}" || status=1
exit $status
