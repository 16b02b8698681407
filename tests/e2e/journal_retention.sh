#!/bin/bash
# journal_retention.sh - runs journal_retention.py, which says what it proves.
exec python3 tests/e2e/journal_retention.py
