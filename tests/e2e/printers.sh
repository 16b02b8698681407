#!/bin/bash
# printers.sh - runs printers.py, which says what it proves.
exec python3 tests/e2e/printers.py
