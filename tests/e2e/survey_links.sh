#!/bin/bash
# survey_links.sh - runs survey_links.py, which says what it proves.
command -v zbarimg > /dev/null || { echo "zbarimg (package zbar-tools) is not installed"; exit 77; }
exec python3 tests/e2e/survey_links.py
