#!/bin/bash
# print.sh - runs print.py, which says what it proves.
exec python3 tests/e2e/print.py
