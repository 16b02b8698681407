#!/bin/bash
# office_people.sh - runs office_people.py, which says what it proves.
exec python3 tests/e2e/office_people.py
