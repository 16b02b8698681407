#!/bin/bash
# scale.sh - printing and reporting with ten million touchpoints in the journal, against an empty one.
exec python3 tests/bench/scale.py "$SCRATCH"
