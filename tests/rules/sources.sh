#!/bin/bash
# sources.sh - sizes, openings, words that do not belong: sources.py says which.
exec python3 tests/rules/sources.py
