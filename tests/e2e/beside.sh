#!/bin/bash
# beside.sh - runs beside.py, which says what it proves.
exec python3 tests/e2e/beside.py
