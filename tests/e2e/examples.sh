#!/bin/bash
# The example programs of the manual, run.
exec python3 tests/e2e/examples.py
