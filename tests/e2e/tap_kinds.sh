#!/bin/bash
# tap_kinds.sh - runs tap_kinds.py, which says what it proves.
exec python3 tests/e2e/tap_kinds.py
