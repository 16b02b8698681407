#!/bin/bash
# queue.sh - runs queue.py, which says what it proves.
exec python3 tests/e2e/queue.py
