#!/bin/bash
# journal_erase.sh - runs journal_erase.py, which says what it proves.
exec python3 tests/e2e/journal_erase.py
