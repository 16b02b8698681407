#!/bin/bash
# push.sh - runs push.py, which says what it proves.
exec python3 tests/e2e/push.py
