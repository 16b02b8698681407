#!/bin/bash
# setup.sh - runs setup.py, which says what it proves.
exec python3 tests/e2e/setup.py
