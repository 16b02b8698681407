#!/bin/bash
# run.sh MAKE PACKAGE… - builds for other machines and runs what was built under qemu-user: the unit programs, and every
# sale of the fixtures, which must give the bytes that it gives here. What cannot be had is skipped by name.
# ARCHS="arm64 armhf" says which.
set -u
make=$1
shift
cd "$(dirname "$0")/../.." || exit 1
build=build log=build/arch
mkdir -p "$log"
passed=0 failed=0 skipped=0
skip() {
    echo "skipped $1: $2"
    skipped=$((skipped + 1))
    [ -z "${TALLY:-}" ] || echo "$1: $2" >>"$TALLY/skipped"
}
fail() { echo "FAILED  $1"; failed=$((failed + 1)); }
pass() { echo "ok      $1"; passed=$((passed + 1)); }

# name, what gcc calls it, qemu
machines() {
    case $1 in
    arm64) echo aarch64-linux-gnu qemu-aarch64 ;;
    armhf) echo arm-linux-gnueabihf qemu-arm ;;
    amd64) echo x86_64-linux-gnu qemu-x86_64 ;;
    esac
}

run_units() {
    local arch=$1 emulator=$2 program name scratch
    for program in build/"$arch"/tests/test_*; do
        name=$arch/$(basename "$program")
        scratch=$(mktemp -d)
        if KWIT_STATE_DIR=$scratch/state SCRATCH=$scratch timeout "${TEST_TIMEOUT:-400}" $emulator "$program" \
            >"$log/${name//\//-}.log" 2>&1 </dev/null; then
            pass "$name"
        else
            fail "$name"
            grep -E 'FAILED|error|LINE' "$log/${name//\//-}.log" | head -10 | sed 's/^/    /'
        fi
        rm -rf "$scratch"
    done
}

# The bytes of one sale, or how it ended: $1 is how to call kwit.
paper_of() {
    rm -f "$3"
    $1 --state "$log/state" print --json --dry-run --profile "$2" -o "$3" "$4" >"$3.json" 2>/dev/null
    echo $? >"$3.exit"
    [ -e "$3" ] || : >"$3"
}

compare_bytes() {
    local arch=$1 emulator=$2 sale profile same=0 papers=0
    for sale in tests/fixtures/sales/*.json; do
        for profile in tm-t20iii pos-58 tm-t88v; do
            paper_of "$build/kwit" "$profile" "$log/here.bin" "$sale"
            paper_of "$emulator $build/$arch/kwit" "$profile" "$log/there.bin" "$sale"
            if cmp -s "$log/here.bin" "$log/there.bin" && cmp -s "$log/here.bin.exit" "$log/there.bin.exit"; then
                same=$((same + 1))
                [ ! -s "$log/here.bin" ] || papers=$((papers + 1))
            else
                fail "$arch: $sale for $profile gives other bytes than here"
            fi
        done
    done
    [ "$papers" -gt 20 ] && pass "$arch: $same sales and models end as here, $papers of them with the same bytes" ||
        fail "$arch: only $papers papers to compare"
}

check_arch() {
    local arch=$1 triple qemu root why
    shift
    read -r triple qemu <<<"$(machines "$arch")"
    [ -n "$triple" ] || { fail "$arch: no machine of that name is known here"; return; }
    root=$PWD/$log/root-$arch
    [ "$(cc -dumpmachine)" != "$triple" ] || { skip "$arch" "it is this machine, see make check"; return; }
    sh tests/deps.sh "gcc-$triple" qemu-user >"$log/deps" 2>&1 || { skip "$arch" "$(tail -1 "$log/deps")"; return; }
    why=$(sh tests/arch/sysroot.sh "$arch" "$root" "$@") || { skip "$arch" "$why"; return; }
    if ! $make CC="$(command -v ccache || :) $triple-gcc" SYSROOT="$root" BUILD="build/$arch" CFLAGS="-O1 -g" arch-programs \
        >"$log/build-$arch.log" 2>&1; then
        grep -E 'error|warning|\*\*\*' "$log/build-$arch.log" | head -20
        fail "$arch: does not build"
        return
    fi
    pass "$arch: builds"
    compare_bytes "$arch" "$qemu -L $root"
    [ "${UNITS:-yes}" = no ] || run_units "$arch" "$qemu -L $root"
}

for arch in ${ARCHS:-arm64 armhf}; do
    check_arch "$arch" "$@"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ -z "${TALLY:-}" ] || echo "$passed $failed $skipped" >>"$TALLY/counts"
[ "$failed" -eq 0 ]
