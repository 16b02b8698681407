#!/bin/bash
# release.sh - udev/release.sh, walked in a clone: the version stands wherever it is said, the changelog is one, the tarball holds
# the tag; what is wrong is refused before anything is changed.
git rev-parse -q --verify HEAD >/dev/null 2>&1 || { echo "this is no clone"; exit 77; }
bad=0
fail() { echo "FAILED  $1"; bad=1; }
git clone -q --shared . "$SCRATCH/tree" && cd "$SCRATCH/tree" || exit 1
export GIT_AUTHOR_NAME=kwit GIT_AUTHOR_EMAIL=kwit@kwit.example GIT_COMMITTER_NAME=kwit GIT_COMMITTER_EMAIL=kwit@kwit.example
before=$(git rev-parse HEAD)
refused() { # words arguments…
    sh udev/release.sh "${@:2}" >out 2>&1 && fail "${*:2} is not refused"
    grep -q "$1" out || fail "${*:2} is refused without \"$1\": $(cat out)"
    rm -f out
    [ -z "$(git status --porcelain)" ] && [ "$(git rev-parse HEAD)" = "$before" ] || fail "a refused release changed the tree"
}
refused usage 99.1.0
refused "no version such as" 99.1 "News."
refused "is not behind" "$(sed -n 's/^.define KWIT_VERSION "\(.*\)"/\1/p' include/kwit/kwit.h)" "News."
refused "is not behind" 0.0.9 "News."
touch stray && sh udev/release.sh 99.1.0 "News." >out 2>&1 && fail "a tree with a stray file is released"
rm -f stray out
news="A line of news that is so long that it must be broken, for a changelog has lines of at most eighty columns, and so it is."
sh udev/release.sh 99.1.0 "$news" "Something else." >"$SCRATCH/out" 2>&1 || { cat "$SCRATCH/out"; exit 1; }
[ -z "$(git status --porcelain)" ] || fail "a release leaves something uncommitted: $(git status --porcelain)"
[ "$(git describe)" = v99.1.0 ] || fail "the tag is not v99.1.0"
bash tests/rules/release.sh || fail "the rule of releases"
tar -xzf build/kwit-99.1.0.tar.gz -C "$SCRATCH" || fail "no tarball"
cd "$SCRATCH/kwit-99.1.0" || exit 1
grep -q 'KWIT_VERSION "99.1.0"' include/kwit/kwit.h && grep -q 'KWIT_VERSION "99.1.0"' tests/fixtures/abi/kwit/kwit.h || fail "the headers"
grep -q KWIT_TOOL_99.1 driver/api/libkwit.map && grep -q "KWIT_TOOL_99.1 99.1.0" udev/debian/libkwit0.symbols || fail "the node of tool.h"
awk '!/^ -- / && length > 80 { exit 1 }' udev/debian/changelog || fail "lines of the changelog are too long"
if command -v dpkg-parsechangelog >/dev/null; then
    [ "$(dpkg-parsechangelog -l udev/debian/changelog -S Version)" = 99.1.0 ] || fail "the changelog cannot be read"
    [ "$(dpkg-parsechangelog -l udev/debian/changelog --all 2>&1 >/dev/null)" = "" ] || fail "the changelog: $(dpkg-parsechangelog -l udev/debian/changelog --all 2>&1 >/dev/null)"
fi
exit $bad
