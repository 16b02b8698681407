#!/bin/bash
# cups.sh - runs cups.py, which says what it proves.
# as root
exec python3 tests/e2e/cups.py
