#!/bin/sh
# notices.sh PACKAGE… - the licences of what is linked in or drawn from, as the packages that it came from tell them.
set -eu
echo "Inside the command stand parts of these packages. Their notices, as they came with them:"
for package in "$@"; do
    printf '\n======== %s\n\n' "$package"
    cat "/usr/share/doc/$package/copyright"
done
