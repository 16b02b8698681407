#!/bin/bash
# functions.sh - no function above 100 lines, and half of them below 20.
# shellcheck disable=SC2046
exec python3 tests/rules/functions.py 100 $(git ls-files 'driver/*.c' 'cli/*.c')
