#!/bin/bash
# till.sh - a till before the tap against the same till before a plain relay.
exec python3 tests/bench/till.py
