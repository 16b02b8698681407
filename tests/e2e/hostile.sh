#!/bin/bash
# hostile.sh - runs hostile.py, which says what it proves.
exec python3 tests/e2e/hostile.py
