#!/bin/bash
# survey_voids.sh - runs survey_voids.py, which says what it proves.
exec python3 tests/e2e/survey_voids.py
