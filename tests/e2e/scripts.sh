#!/bin/bash
# scripts.sh - runs scripts.py, which says what it proves.
exec python3 tests/e2e/scripts.py
