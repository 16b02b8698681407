#!/bin/bash
# survey_statistics.sh - runs survey_statistics.py, which says what it proves.
# takes minutes
exec python3 tests/e2e/survey_statistics.py
