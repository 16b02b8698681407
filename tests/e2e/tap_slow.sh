#!/bin/bash
# tap_slow.sh - runs tap_slow.py, which says what it proves.
exec python3 tests/e2e/tap_slow.py
