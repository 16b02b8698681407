#!/bin/bash
# paper_sums.sh - what a sale comes to, added up again from its paper alone.
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
python3 tests/e2e/paper_sums.py "$KWIT" "$SCRATCH"
