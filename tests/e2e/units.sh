#!/bin/bash
# units.sh - runs units.py, which says what it proves.
for tool in strace systemd-analyze; do
    command -v $tool >/dev/null || { echo "needs $tool"; exit 77; }
done
strace -o /dev/null true 2>/dev/null || { echo "strace cannot trace here"; exit 77; }
exec python3 tests/e2e/units.py
