#!/bin/bash
# office_torture.sh - runs office_torture.py, which says what it proves. ANSWERS=N for a longer run.
exec python3 tests/e2e/office_torture.py
