#!/bin/bash
# spread.sh - PostgreSQL's tables can be spread over machines by journal (the laws stand in spread.py).
exec python3 tests/rules/spread.py
