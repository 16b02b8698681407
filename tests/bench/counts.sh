#!/bin/bash
# counts.sh [--write] - the counts of counts.py, held against limits.txt.
cd "$(dirname "$0")/../.." || exit 1
for tool in python3 valgrind strace; do
    command -v $tool >/dev/null || { echo "needs $tool"; exit 77; }
done
strace -o /dev/null true 2>/dev/null || { echo "strace may not trace here"; exit 77; }
# Each place has the same length and depth, wherever the checkout lies: paths are instructions too, and SQLite looks at every
# folder of one.
place=$(mktemp -d /tmp/counts.XXXXXXXX) || exit 1
trap 'rm -rf "$place"' EXIT
export COUNTER=$place/counter.so
${CC:-cc} -shared -fPIC -O1 tests/torture/nomem.c -o "$COUNTER" || exit 1
export CLOCK=$place/clock.so
${CC:-cc} -shared -fPIC -O1 -D_GNU_SOURCE -Itests tests/support/clock.c -o "$CLOCK" || exit 1
export IN_PROCESS=$place/in_process
# shellcheck disable=SC2046
${CC:-cc} -O2 -std=c11 -Iinclude tests/bench/in_process.c -o "$IN_PROCESS" "$BUILD/libkwit.a" $(sed -n 's/^STATIC_LIBS := //p' Makefile) || exit 1
python3 tests/bench/counts.py "$@" "$place"
