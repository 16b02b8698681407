#!/bin/bash
# survey_questions.sh - runs survey_questions.py, which says what it proves.
exec python3 tests/e2e/survey_questions.py
