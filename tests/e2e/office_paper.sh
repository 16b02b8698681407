#!/bin/bash
# office_paper.sh - runs office_paper.py, which says what it proves.
exec python3 tests/e2e/office_paper.py
