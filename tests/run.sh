#!/bin/bash
# run.sh BUILD [unit [NAMES]] - runs the tests and closes with one line: N passed, N failed, N skipped.
#
# A test is a program (build/sanitize/tests/*) or a script (tests/e2e/*.sh, tests/rules/*.sh). It passes with exit 0, is
# skipped with 77, and its output is shown only when it fails or is skipped. Two run at a time.
build=$1 what=${2:-all} names=${3:-}
cd "$(dirname "$0")/.." || exit 1
logs=$build/logs
mkdir -p "$logs" && rm -f "$logs"/*
export PYTHONDONTWRITEBYTECODE=1 KWIT="$PWD/$build/kwit" BUILD="$PWD/$build" LC_ALL=C.UTF-8 TZ=UTC
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

list_units() {
    for program in "$build"/sanitize/tests/test_* "$build"/sanitize/tests/replay_*; do
        [ -x "$program" ] && echo "$program"
    done
}
list_scripts() {
    ls tests/rules/*.sh tests/e2e/*.sh 2>/dev/null
}
run_one() {
    test=$1 name=$(basename "$1") status=0 began=$(date +%s%N)
    scratch=$(mktemp -d) log=$logs/$name.log
    case $test in
    */replay_*) set -- "$test" "tests/fuzz/corpus/${name#replay_}" ;;
    *.sh) set -- bash "$test" ;;
    *) set -- "$test" ;;
    esac
    KWIT_STATE_DIR=$scratch/state XDG_CONFIG_HOME=$scratch/config SCRATCH=$scratch \
        timeout "${TEST_TIMEOUT:-400}" "$@" >"$log" 2>&1 </dev/null || status=$?
    took=$(( ($(date +%s%N) - began) / 1000000 ))
    chmod -R u+rwX "$scratch" 2>/dev/null; rm -rf "$scratch"
    case $status in
    0) echo "ok      $name (${took} ms)"; echo "$name" >>"$logs/passed" ;;
    77) echo "skipped $name: $(tail -1 "$log")"; echo "$name" >>"$logs/skipped" ;;
    *) echo "FAILED  $name (exit $status)"; tail -40 "$log" | sed 's/^/    /'; echo "$name" >>"$logs/failed" ;;
    esac
}
export -f run_one
export build logs

{ list_units; [ "$what" = unit ] || list_scripts; } | { [ -z "$names" ] && cat || grep -E "$names"; } |
    xargs -P "${TEST_JOBS:-2}" -I{} bash -c 'run_one {}'
count() { [ -f "$logs/$1" ] && wc -l <"$logs/$1" || echo 0; }
passed=$(count passed) failed=$(count failed) skipped=$(count skipped)
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
