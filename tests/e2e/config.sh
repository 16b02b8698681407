#!/bin/bash
# config.sh - runs config.py, which says what it proves.
exec python3 tests/e2e/config.py
