#!/bin/bash
# mistakes.sh - runs mistakes.py, which says what it proves.
exec python3 tests/e2e/mistakes.py
