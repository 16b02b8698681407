#!/bin/bash
# journal_merge.sh - runs journal_merge.py, which says what it proves.
exec python3 tests/e2e/journal_merge.py
