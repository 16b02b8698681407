#!/bin/bash
# survey_seeds.sh - runs survey_seeds.py, which says what it proves.
# takes minutes
exec python3 tests/e2e/survey_seeds.py
