#!/bin/bash
# tap_stream.sh - runs tap_stream.py, which says what it proves.
exec python3 tests/e2e/tap_stream.py
