#!/bin/bash
# tap_web.sh - runs tap_web.py, which says what it proves.
exec python3 tests/e2e/tap_web.py
