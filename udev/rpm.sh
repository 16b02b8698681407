#!/bin/sh
# rpm.sh BUILD [--nodeps] - makes the RPM packages of what is in the tree for this machine, into BUILD/rpm. --nodeps: what is
# needed for building is here, but not from RPM packages. MAINTAINER: see maintainer.sh.
set -eu
cd "$(dirname "$0")/.."
out=$PWD/$1/rpm
version=$(sed -n 's/^.define KWIT_VERSION "\(.*\)"/\1/p' include/kwit/kwit.h)
command -v rpmbuild >/dev/null || { echo "rpm: rpmbuild is missing:  dnf install rpm-build, or apt-get install rpm" >&2; exit 1; }
rm -rf "$out"
mkdir -p "$out/SOURCES"
tar -czf "$out/SOURCES/kwit-$version.tar.gz" --exclude=./build --exclude=./.git --transform="s|^\.|kwit-$version|" .
told=$(sh udev/maintainer.sh)
shift
[ -n "$told" ] || set -- "$@" --define "packager $MAINTAINER"
if ! rpmbuild -bb "$@" --define "_topdir $out" --define "kwit_version $version" udev/kwit.spec >"$out/build.log" 2>&1; then
    tail -30 "$out/build.log" >&2
    echo "rpm: the whole is in $out/build.log; missing packages:  dnf builddep -D 'kwit_version $version' udev/kwit.spec" >&2
    exit 1
fi
find "$out/RPMS" -name '*.rpm' -exec mv {} "$out/" \;
rm -rf "$out/BUILD" "$out/BUILDROOT" "$out/RPMS" "$out/SRPMS" "$out/SPECS" "$out/SOURCES"
echo "The packages:"
for package in "$out"/*.rpm; do
    echo "  ${package#"$PWD"/}"
done
[ -z "$told" ] || echo "$told"
