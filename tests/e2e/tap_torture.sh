#!/bin/bash
# tap_torture.sh - runs tap_torture.py, which says what it proves. JOBS=N: so many receipts; SEED: another chance.
exec python3 tests/e2e/tap_torture.py
