#!/bin/bash
# words.sh - runs words.py, which says what it proves.
exec python3 tests/e2e/words.py
