#!/bin/bash
# survey_plan.sh - runs survey_plan.py, which says what it proves.
exec python3 tests/e2e/survey_plan.py
