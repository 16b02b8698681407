#!/bin/bash
# proof.sh - what a receipt's end is called, before good printers, bad ones and what is no printer.
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null || { echo "needs python3"; exit 77; }
python3 tests/e2e/proof.py
