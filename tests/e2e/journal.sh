#!/bin/bash
# journal.sh - runs journal.py, which says what it proves.
exec python3 tests/e2e/journal.py
