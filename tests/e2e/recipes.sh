#!/bin/bash
# recipes.sh - runs recipes.py, which says what it proves.
exec python3 tests/e2e/recipes.py
