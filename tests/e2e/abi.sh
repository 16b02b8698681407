#!/bin/bash
# abi.sh - a program that was built against the last release's kwit.h runs with this library: abidiff finds every type that a call
# of the promise passes as it was, and the library exports every such call. The last release's header is kept without its
# comments in tests/fixtures/abi (udev/release.sh writes it).
command -v abidiff >/dev/null || { echo "abidiff is missing:  apt-get install abigail-tools"; exit 77; }
kept=tests/fixtures/abi library=$(dirname "$KWIT")/libkwit.so bad=0
calls=$(sed -n 's/^KWIT_API .*\(kwit_[a-z_]*\)(.*/\1/p' $kept/kwit/kwit.h)
# A header's types as a library of pointers to what it declares.
types_of() { # include-folder out
    { echo '#include <kwit/kwit.h>'; for call in $calls; do echo "__typeof__($call) *type_of_$call;"; done; } >"$SCRATCH/types.c"
    "${CC_FOR_BUILD:-cc}" -std=gnu11 -g -shared -fPIC -I"$1" -o "$2" "$SCRATCH/types.c"
}
types_of $kept "$SCRATCH/kept.so" && types_of include "$SCRATCH/now.so" || exit 1
if ! abidiff "$SCRATCH/kept.so" "$SCRATCH/now.so" >"$SCRATCH/changes"; then
    echo "FAILED  what kwit.h promised is another now; a member goes to the end of a struct that says its size, a call gets a new name:"
    cat "$SCRATCH/changes"
    bad=1
fi
exported=$(nm -D --defined-only --with-symbol-versions "$library") || exit 1
for call in $calls; do
    grep -q " $call@@LIBKWIT_" <<<"$exported" || { echo "FAILED  $call is not exported any more"; bad=1; }
done
# The comparison is worth something: another order of two members is seen.
mkdir -p "$SCRATCH/other/kwit"
awk '/const char \*config_file;/ { held = $0; next } { print } /const char \*state_dir;/ { print held }' include/kwit/kwit.h >"$SCRATCH/other/kwit/kwit.h"
types_of "$SCRATCH/other" "$SCRATCH/other.so" && abidiff "$SCRATCH/kept.so" "$SCRATCH/other.so" >/dev/null &&
    { echo "FAILED  two members that changed places are not seen"; bad=1; }
exit $bad
