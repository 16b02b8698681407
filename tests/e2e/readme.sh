#!/bin/bash
# readme.sh - runs readme.py, which says what it proves.
exec python3 tests/e2e/readme.py
