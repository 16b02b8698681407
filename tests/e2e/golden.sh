#!/bin/bash
# golden.sh - runs golden.py, which says what it proves.
exec python3 tests/golden/golden.py
