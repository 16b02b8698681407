#!/bin/bash
# run.sh BUILD [NAME] - runs the benchmarks: every tests/bench/*.sh with what it needs in its environment:
#   KWIT the command   FLOOR the program that only exits   RATIO the pairwise timer   BENCH where bench_*.c are built
#   SCRATCH a directory of its own on the disk of the build.   Exit 77 skips. What missed its limit is told at the end.
build=$1 name=${2:-}
cd "$(dirname "$0")/../.." || exit 1
export BENCH="$PWD/$build/bench" KWIT="$PWD/$build/kwit" BUILD="$PWD/$build" LC_ALL=C.UTF-8 TZ=UTC
export FLOOR=$BENCH/floor RATIO=$BENCH/ratio
cc=${CC:-cc}
mkdir -p "$BENCH"
$cc -O2 -static tests/bench/floor.c -o "$FLOOR" && $cc -O2 -std=c11 -D_GNU_SOURCE tests/bench/ratio.c -o "$RATIO" || exit 1
$cc -O2 -static -std=c11 -D_GNU_SOURCE tests/bench/disk.c -o "$BENCH/disk" || exit 1
libraries=$(sed -n 's/^STATIC_LIBS := //p' Makefile)
for source in tests/bench/bench_*.c; do
    program=$BENCH/$(basename "$source" .c)
    # shellcheck disable=SC2046,SC2086
    $cc -O2 -std=c11 -D_GNU_SOURCE -Iinclude -Idriver -Itests "$source" -o "$program" "$build/libkwit.a" $libraries \
        -Wl,-rpath,"$BUILD" $(sed -n 's/^ \* link: \(.*\) \*\/$/\1/p' "$source") || exit 1
done
missed=
for script in tests/bench/*.sh; do
    title=$(basename "$script" .sh)
    [ "$title" = run ] && continue
    [ -z "$name" ] || [ "$title" = "$name" ] || continue
    export SCRATCH=$BENCH/scratch
    rm -rf "$SCRATCH" && mkdir -p "$SCRATCH"
    echo "-- $title"
    bash "$script"
    case $? in
    0) ;;
    77) echo "   (skipped)" ;;
    *) missed="$missed $title" ;;
    esac
    rm -rf "$SCRATCH"
done
[ -z "$missed" ] || { echo "missed:$missed"; exit 1; }
