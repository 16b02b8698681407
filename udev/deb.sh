#!/bin/sh
# deb.sh BUILD [ARCH] - makes the Debian packages of what is in the tree, for this machine or for ARCH, into BUILD/deb.
# For ARCH its libraries must be installed beside this machine's (dpkg --add-architecture ARCH). MAINTAINER: see maintainer.sh.
set -eu
cd "$(dirname "$0")/.."
out=$1/deb arch=${2:-$(dpkg --print-architecture)}
version=$(sed -n 's/^.define KWIT_VERSION "\(.*\)"/\1/p' include/kwit/kwit.h)
tree=$out/kwit-$version
command -v dh >/dev/null || { echo "deb: debhelper is missing; all that packages need:  apt-get build-dep ./udev" >&2; exit 1; }
rm -rf "$out"
mkdir -p "$tree"
tar -cf - --exclude=./build --exclude=./.git . | tar -C "$tree" -xf -
cp -r udev/debian "$tree/debian"
told=$(sh udev/maintainer.sh "$tree/debian/control" "$tree/debian/changelog")
cd "$tree"
log=../build.log
if ! DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-noddebs}" dpkg-buildpackage -b -us -uc -a"$arch" >"$log" 2>&1; then
    tail -30 "$log" >&2
    echo "deb: the whole is in $out/build.log; missing packages:  apt-get build-dep -a$arch ./udev" >&2
    exit 1
fi
cd ..
rm -rf "kwit-$version"
echo "The packages:"
for package in *.deb; do
    echo "  $out/$package"
done
[ -z "$told" ] || echo "$told"
