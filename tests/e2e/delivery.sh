#!/bin/bash
# delivery.sh - once, and proven: outcomes, repeats, the queue, many callers, broken disks, and samples of `make torture`.
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null || { echo "needs python3"; exit 77; }
python3 tests/e2e/delivery.py
