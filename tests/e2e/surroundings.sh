#!/bin/bash
# surroundings.sh - runs surroundings.py, which says what it proves.
exec python3 tests/e2e/surroundings.py
