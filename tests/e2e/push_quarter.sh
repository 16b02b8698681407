#!/bin/bash
# push_quarter.sh - runs push_quarter.py, which says what it proves. TILLS=400 DAYS=90 SALES=300 is a chain's whole quarter.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "PostgreSQL is not installed"; exit 77; }
exec python3 tests/e2e/push_quarter.py
