#!/bin/bash
# mailed.sh - runs mailed.py, which says what it proves.
exec python3 tests/e2e/mailed.py
