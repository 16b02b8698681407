#!/bin/bash
# push_postgresql.sh - runs push_postgresql.py, which says what it proves.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "PostgreSQL is not installed"; exit 77; }
exec python3 tests/e2e/push_postgresql.py
