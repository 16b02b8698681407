#!/bin/bash
# shells.sh - shellcheck has nothing to warn of in any script of ours.
command -v shellcheck >/dev/null || { echo "shellcheck is not installed"; exit 77; }
{ find . -name build -prune -o -name .git -prune -o -name '*.sh' -print; ls cli/completion.bash udev/debian/kwit.post*; } |
    sort | xargs -n 8 -P 2 shellcheck -S warning
