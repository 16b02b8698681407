#!/bin/sh
# sysroot.sh ARCH DIR PACKAGE… - unpacks the libraries of another architecture into DIR, without installing them: a private
# state of apt asks the machine's own sources. Exit 77 with the reason when they cannot be had.
set -eu
arch=$1 root=$2
shift 2
wanted=$(printf '%s\n' "$arch" "$@")
[ "$(cat "$root/wanted" 2>/dev/null)" != "$wanted" ] || exit 0
command -v apt-get >/dev/null || { echo "no apt-get to ask for the packages of $arch"; exit 77; }
rm -rf "$root"
mkdir -p "$root/apt/lists/partial" "$root/apt/archives/partial" "$root/usr/lib"
: >"$root/apt/status"
ask() {
    apt-get -q -o Dir::State="$root/apt" -o Dir::State::status="$root/apt/status" -o Dir::State::lists="$root/apt/lists" \
        -o Dir::Cache="$root/apt" -o Dir::Cache::archives="$root/apt/archives" -o Debug::NoLocking=true -o APT::Architecture="$arch" \
        -o APT::Architectures::="$arch" -o APT::Sandbox::User= -o Acquire::Languages=none "$@" >>"$root/apt/log" 2>&1
}
ask update || true              # a source that has nothing for this architecture is no reason to stop
if ! ask install -y --no-install-recommends --download-only "$@"; then
    echo "the packages of $arch cannot be had: $(grep '^E:' "$root/apt/log" | tail -1)"
    exit 77
fi
# The directories that are links in every system of today.
for name in lib bin sbin lib64; do
    mkdir -p "$root/usr/$name"
    ln -s "usr/$name" "$root/$name"
done
for package in "$root"/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -C "$root" -xf - --keep-directory-symlink --no-same-owner --exclude='./usr/share/doc' \
        --exclude='./dev'
done
rm -rf "$root/apt/archives" "$root/apt/lists"
printf '%s\n' "$wanted" >"$root/wanted"
