#!/bin/bash
# office.sh - runs office.py, which says what it proves.
exec python3 tests/e2e/office.py
