#!/bin/bash
# tap_libraries.sh - runs tap_libraries.py, which says what it proves.
exec python3 tests/e2e/tap_libraries.py
