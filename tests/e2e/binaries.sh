#!/bin/bash
# binaries.sh - what the built files are made like: hardened, exporting what the headers and the modules' tables say and
# nothing else, each call of the library with the version in which it first stood.
set -u
bad=0
fail() { echo "FAILED  $1"; bad=1; }
build=$(dirname "$KWIT")
exported() { nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' | sort; }

readelf -hW "$KWIT" | grep -q 'Type: *DYN' || fail "the command has a fixed address"
for file in "$KWIT" "$build"/*.so; do
    name=$(basename "$file")
    readelf -lW "$file" | grep -q GNU_RELRO || fail "$name: nothing is made read-only after its start"
    readelf -dW "$file" | grep -q 'FLAGS.*NOW' || fail "$name: symbols are bound late, so that their table stays writable"
    readelf -lW "$file" | grep -q 'GNU_STACK.*RW ' || fail "$name: the stack can be executed"
    readelf -dW "$file" | grep -qE 'RPATH|RUNPATH|TEXTREL' && fail "$name: has a run path or relocations in its code"
    nm -D --undefined-only "$file" | grep -q __stack_chk_fail || fail "$name: no stack protector"
done
nm -D --undefined-only "$KWIT" | grep -q '_chk' || fail "no call of the command is fortified"

for file in "$build"/kwit-*.so; do
    names=$(exported "$file")
    [ "$(wc -w <<<"$names")" = 1 ] || fail "$(basename "$file") exports" $names
done

# The headers' calls, each with the node of its header.
node_of() { sed -n "s/^KWIT_API .*\(kwit_[a-z_]*\)(.*/\1@@$2/p" "include/kwit/$1"; }
{ node_of kwit.h 'LIBKWIT_[0-9.]*'; node_of tool.h 'KWIT_TOOL_[0-9.]*'; } | sort >"$SCRATCH/promised"
exported "$build/libkwit.so" >"$SCRATCH/exported"
while read -r pattern; do
    grep -qx "$pattern" "$SCRATCH/exported" || fail "libkwit.so does not export $pattern; give it a row in driver/api/libkwit.map"
done <"$SCRATCH/promised"
[ "$(wc -l <"$SCRATCH/promised")" = "$(wc -l <"$SCRATCH/exported")" ] || fail "libkwit.so exports what no header declares"
[ -s "$SCRATCH/promised" ] || fail "no call was found in the headers"
exit $bad
