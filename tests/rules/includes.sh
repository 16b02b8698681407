#!/bin/bash
# includes.sh - each room includes only what the house allows (the rows stand in includes.py).
exec python3 tests/rules/includes.py
