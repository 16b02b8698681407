#!/bin/bash
# simulate.sh - runs simulate.py, which says what it proves.
exec python3 tests/e2e/simulate.py
