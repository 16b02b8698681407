#!/bin/bash
# pictures.sh - runs pictures.py, which says what it proves.
exec python3 tests/e2e/pictures.py
