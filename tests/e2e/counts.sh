#!/bin/bash
# counts.sh - what a call costs in instructions, system calls, faults, allocations and bytes is what it may cost.
exec bash "$(dirname "$0")/../bench/counts.sh"
