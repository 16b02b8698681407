#!/bin/sh
# maintainer.sh FILE… - writes into each file of debian/ who answers for the packages: MAINTAINER='NAME <ADDRESS>'. Without it they
# keep what stands there, an address below .invalid that reaches nobody, and it is said how to name somebody.
set -eu
nobody=$(sed -n 's/^Maintainer: //p' "$(dirname "$0")/debian/control")
if [ -z "${MAINTAINER:-}" ]; then
    echo "Nobody answers for them yet. Before others get them:  MAINTAINER='NAME <ADDRESS>'"
    exit 0
fi
printf '%s\n' "$MAINTAINER" | grep -Eqx '[^][<>@,()";:]+ <[^<>@ ]+@[^<>@ ]+\.[^<>@ ]+>' || {
    echo "MAINTAINER is \`$MAINTAINER\`: write a name without , ; : and an address, as in MAINTAINER='Corner Tills <packages@corner.example>'" >&2
    exit 64
}
written=$(printf '%s\n' "$MAINTAINER" | sed 's/[\\|&]/\\&/g')
for file; do
    sed -i "s|$nobody|$written|" "$file"
done
