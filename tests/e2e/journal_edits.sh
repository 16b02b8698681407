#!/bin/bash
# journal.sh - runs journal_edits.py, which says what it proves.
# takes minutes
exec python3 tests/e2e/journal_edits.py
