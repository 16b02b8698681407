#!/bin/bash
# push_torture.sh - runs push_torture.py, which says what it proves.
exec python3 tests/e2e/push_torture.py
