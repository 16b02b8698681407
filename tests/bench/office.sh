#!/bin/bash
# office.sh - durable answers a second, grouped against one commit each.
exec python3 tests/bench/office.py
