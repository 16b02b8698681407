#!/bin/bash
# tap_print.sh - runs tap_stream.py, which says what it proves.
exec python3 tests/e2e/tap_print.py
