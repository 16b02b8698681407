#!/bin/bash
# learn.sh - runs learn.py, which says what it proves.
exec python3 tests/e2e/learn.py
