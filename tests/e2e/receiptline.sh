#!/bin/bash
# receiptline.sh - runs receiptline.py, which says what it proves.
exec python3 tests/e2e/receiptline.py
