#!/bin/bash
# tap_listen.sh - runs tap_listen.py, which says what it proves.
exec python3 tests/e2e/tap_listen.py
