#!/bin/bash
# office_loop.sh - runs office_loop.py, which says what it proves; with Debian's own Python, whose SMTP server it uses.
exec /usr/bin/python3 tests/e2e/office_loop.py
