#!/bin/bash
# sale_papers.sh - every good sale document on printers of several vendors, read back with outside eyes.
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null && command -v zbarimg >/dev/null || { echo "no python3 or zbarimg"; exit 77; }
python3 tests/e2e/sale_papers.py "$KWIT" "$SCRATCH"
