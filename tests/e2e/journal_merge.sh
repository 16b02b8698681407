#!/bin/bash
# journal_merge.sh - runs journal_merge.py, which says what it proves.
# takes minutes
exec python3 tests/e2e/journal_merge.py
