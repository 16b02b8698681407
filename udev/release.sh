#!/bin/sh
# release.sh VERSION NEWS… - makes a release of what is committed: the version in the header, the manual's date, the changelog of
# the packages (each NEWS is an entry), the kept header that the next one is compared with, a commit, a tag, and a tarball.
# Nothing leaves this machine; what follows is said at the end.
set -eu
cd "$(dirname "$0")/.."
refuse() { echo "release: $1" >&2; exit 1; }
version=${1:-} header=include/kwit/kwit.h map=driver/api/libkwit.map symbols=udev/debian/libkwit0.symbols kept=tests/fixtures/abi/kwit/kwit.h
[ $# -ge 2 ] || { echo "usage: release.sh VERSION NEWS…" >&2; exit 64; }
echo "$version" | grep -Eqx '[0-9]+\.[0-9]+\.[0-9]+' || refuse "$version is no version such as 0.2.0"
old=$(sed -n 's/^.define KWIT_VERSION "\(.*\)"/\1/p' $header)
[ "$version" != "$old" ] && [ "$(printf '%s\n%s\n' "$old" "$version" | sort -V | tail -1)" = "$version" ] ||
    refuse "$version is not behind $old, the version of the tree"
[ -z "$(git status --porcelain)" ] || refuse "what is not committed would be in no release: git status"

# In place and whole: what fails half way is `git checkout .`.
put() { cat >"$1.new" && cat "$1.new" >"$1" && rm "$1.new"; }
sed "s/^\(.define KWIT_VERSION \"\).*\"/\1$version\"/" $header | put $header
sed "s/^\(kind=.* written=\).*/\1$(date +%Y-%m-%d)/" cli/manual.sh | put cli/manual.sh
# The calls of tool.h are promised for one minor version.
node=KWIT_TOOL_${version%.*}
sed "s/KWIT_TOOL_[0-9.]*/$node/" $map | put $map
sed "s/^ (symver)KWIT_TOOL_.*/ (symver)$node $version/" $symbols | put $symbols
{
    printf 'kwit (%s) unstable; urgency=medium\n\n' "$version"
    shift
    for news in "$@"; do
        echo "$news" | fold -s -w 74 | sed -e 's/ *$//' -e '1s/^/  * /' -e '1!s/^/    /'
    done
    printf '\n -- %s  %s\n\n' "$(sed -n 's/^Maintainer: //p' udev/debian/control)" "$(LC_ALL=C date -R)"
    cat udev/debian/changelog
} | put udev/debian/changelog
# Without its comments, for these may change.
{ echo "/* kwit.h of $version without its comments. */" && ${CC:-cc} -fpreprocessed -dD -E -P $header; } | put $kept
bash tests/rules/release.sh
git commit -qam "release: version $version"
git tag -a "v$version" -m "kwit $version"
mkdir -p build
git archive --prefix="kwit-$version/" "v$version" | gzip -9n >"build/kwit-$version.tar.gz"
echo "build/kwit-$version.tar.gz, and the tag v$version. Now:"
echo "  make distcheck && make check-all      what is committed builds, passes and installs"
echo "  make deb && make rpm                  the packages"
echo "and where any of it fails:  git tag -d v$version && git reset --hard HEAD~1"
