#!/bin/bash
# run.sh SECONDS TARGET… - searches each target for new inputs with clang's libFuzzer. What it learns lies in
# build/fuzz/corpus/TARGET, what breaks in build/fuzz/broken/; an input worth keeping is copied to tests/fuzz/corpus/.
# It begins where an earlier search ended: learnt.tar.xz has what that had learnt, and keep.sh packs it anew.
seconds=$1; shift
cd "$(dirname "$0")/../.." || exit 1
command -v clang >/dev/null || { echo "fuzz: clang is missing; make deps installs it" >&2; exit 1; }
build=build/fuzz sanitizers=address,undefined
make --no-print-directory CC=clang BUILD=$build CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,$sanitizers" \
    LDFLAGS="-fsanitize=$sanitizers" $build/libkwit.a || exit 1
libraries=$(sed -n 's/^STATIC_LIBS := //p' Makefile)
[ -d $build/corpus ] || { mkdir -p $build/corpus && tar -xJf tests/fuzz/learnt.tar.xz -C $build/corpus; } || exit 1
broken=0
for target in "$@"; do
    mkdir -p "$build/corpus/$target" "$build/broken"
    clang -std=c11 -D_GNU_SOURCE -O1 -g -fsanitize=fuzzer,$sanitizers -Iinclude -Idriver -Itests -I$build/gen \
        "tests/fuzz/fuzz_$target.c" -o "$build/fuzz_$target" $build/libkwit.a $libraries || exit 1
    echo "fuzz $target for $seconds s"
    "$build/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$build/broken/$target-" "$build/corpus/$target" "tests/fuzz/corpus/$target" \
        >"$build/$target.log" 2>&1 || { broken=1; tail -40 "$build/$target.log"; }
    grep -E 'number_of_executed_units|new_units_added|cov:' "$build/$target.log" | tail -3
done
exit $broken
