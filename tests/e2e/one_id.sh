#!/bin/bash
# one_id.sh - runs one_id.py, which says what it proves.
exec python3 tests/e2e/one_id.py
