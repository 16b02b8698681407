#!/bin/bash
# completion.sh - runs completion.py, which says what it proves.
exec python3 tests/e2e/completion.py
