#!/bin/bash
# containers.sh - runs containers.py, which says what it proves.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "PostgreSQL is not installed"; exit 77; }
/usr/bin/python3 -c 'import yaml' 2>/dev/null || { echo "python3-yaml is not installed"; exit 77; }
exec /usr/bin/python3 tests/e2e/containers.py
