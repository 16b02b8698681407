#!/bin/bash
# survey_import.sh - runs survey_import.py, which says what it proves.
# takes minutes
exec python3 tests/e2e/survey_import.py
