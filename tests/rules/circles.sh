#!/bin/bash
# circles.sh - no file calls in a circle, no room either (what is left stands in circles.py).
exec python3 tests/rules/circles.py
