#!/bin/bash
# names.sh - no two things of one name in the library.
exec python3 tests/rules/names.py
