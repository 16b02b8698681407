#!/bin/bash
# journal.sh - runs journal.py, which says what it proves.
# takes minutes
exec python3 tests/e2e/journal.py
