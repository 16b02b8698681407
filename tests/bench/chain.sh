#!/bin/bash
# chain.sh - an office on PostgreSQL: taking against plain COPY, a second time against the first, sums against raw rows.
# TOUCHPOINTS (200000) says over how many sales the sums are compared. With SIZES=yes instead what a sale takes there: bytes
# by table, of the log, and a report's time.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || exit 77
[ -z "$SIZES" ] || exec python3 tests/bench/chain_size.py
exec python3 tests/bench/chain.py
