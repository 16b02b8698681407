#!/bin/bash
# office_memory.sh - runs office_memory.py, which says what it proves.
exec python3 tests/e2e/office_memory.py
