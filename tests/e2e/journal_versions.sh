#!/bin/bash
# journal_versions.sh - runs journal_versions.py, which says what it proves.
exec python3 tests/e2e/journal_versions.py
