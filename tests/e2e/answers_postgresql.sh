#!/bin/bash
# answers_postgresql.sh - runs answers_postgresql.py, which says what it proves; with Debian's own Python and SMTP server.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "PostgreSQL is not installed"; exit 77; }
exec /usr/bin/python3 tests/e2e/answers_postgresql.py
