#!/bin/bash
# survey_token.sh - runs survey_token.py, which says what it proves.
exec python3 tests/e2e/survey_token.py
