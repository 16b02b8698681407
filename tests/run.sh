#!/bin/bash
# run.sh BUILD [unit|scripts|all [NAMES]] - runs the tests and closes with one line: N passed, N failed, N skipped.
#
# A test is a program (build/sanitize/tests/*) or a script (tests/e2e/*.sh, tests/rules/*.sh). It passes with exit 0, is
# skipped with 77 and its last line as the reason, and its output is shown only when it fails. One more than there are
# processors run at a time (TEST_JOBS), for many wait; those that say "# takes minutes" begin first. Those that say "# as root"
# are root among users who are lent to the one that began them, where he is not root himself (uidmap, /etc/subuid).
#
# TEST_TIME (RFC 3339) is when the tests live: support/clock.c brings it to the programs and to the real command,
# support/clock.py to the scripts. TEST_ZONE, TEST_LANG: where. TEST_PLACE: what their directory is called. LOGS: where
# their output goes.
build=$1 what=${2:-all} names=${3:-}
cd "$(dirname "$0")/.." || exit 1
logs=${LOGS:-$build/logs}
case $logs in /*) ;; *) logs=$PWD/$logs ;; esac
umask 022                                       # a folder that its group may write shares what is made there
mkdir -p "$logs" && rm -f "$logs"/*
export PYTHONDONTWRITEBYTECODE=1 KWIT="$PWD/$build/kwit" BUILD="$PWD/$build"
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
[ -f "$build/tests/clock.so" ] || make --no-print-directory BUILD="$build" "$build/tests/clock.so" || exit 1
# What stands in LD_PRELOAD is cut at spaces, so the clock lies where none are.
lent=$(mktemp -d /tmp/kwit-clock.XXXXXX) && chmod 755 "$lent" && cp "$build/tests/clock.so" "$lent/" || exit 1
trap 'rm -rf "$lent"' EXIT
TEST_CLOCK=$(python3 tests/support/clock.py "${TEST_TIME:-2026-11-22T14:05:00Z}") || exit 1
export TEST_CLOCK

# A test leaves nothing outside $SCRATCH. Where namespaces can be had each has a /tmp of its own (in memory, where that is
# plenty), which holds its scratch, the tree and the clock, and is looked at when it has ended; elsewhere /tmp is looked
# at when all have.
private=; unshare -m mount -t tmpfs none /tmp 2>/dev/null && private=yes
lent_users=; [ "$(id -u)" = 0 ] || ! unshare --map-root-user --map-auto true 2>/dev/null || lent_users=yes
plenty=; [ "$(awk '/^MemAvailable/ { print int($2 / 1000000) }' /proc/meminfo)" -ge 4 ] && plenty=yes
rooms() { # makes $own the place of the test's directories, as its user finds them
    mkdir -p "$own/var" "$own/tmp/test/$place/tmp" "$own/tmp/test/$place/home" && chmod 755 "$own" &&
        chmod 1777 "$own/tmp" "$own/var" "$own/tmp/test/$place/tmp" && chmod 700 "$own/tmp/test/$place"
}
alone() {
    [ -z "$plenty" ] || mount -t tmpfs -o mode=755 none "$own" || return 1
    rooms || return 1
    for shown in "$PWD" "$lent"; do
        case $shown in
        /tmp/*) inside=$own/tmp/${shown#/tmp/} ;;
        /var/tmp/*) inside=$own/var/${shown#/var/tmp/} ;;
        *) continue ;;
        esac
        mkdir -p "$inside" && mount --bind "$shown" "$inside" || return 1
    done
    mount --rbind "$own/var" /var/tmp && mount --rbind "$own/tmp" /tmp && mkdir -p "/tmp/test/$place" && "$@"
    local status=$? left
    left=$(find /tmp /var/tmp ! -type d ! -path '/tmp/test/*' ! -path "$PWD/*" ! -path "$lent/*" | head -5)
    [ -z "$left" ] || { echo "left outside its own directory:" $left; return 1; }
    rm -rf /tmp/test                            # while whose it is may still be touched
    return $status
}
export -f alone rooms
strays() {
    git ls-files --others --exclude-standard 2>/dev/null
    [ -n "$private" ] || find /tmp /var/tmp -mindepth 1 -maxdepth 1 -user "$(id -u)" ! -name 'kwit-*' ! -name 'hsperfdata_*' 2>/dev/null    # Java's own
}

list_units() {
    for program in "$build"/sanitize/tests/test_* "$build"/sanitize/tests/replay_*; do
        [ -x "$program" ] && echo "$program"
    done
}
list_scripts() {
    grep -l '^# takes minutes' tests/e2e/*.sh
    grep -L '^# takes minutes' tests/rules/*.sh tests/e2e/*.sh
}
now_ms() { local us=${EPOCHREALTIME//[!0-9]/}; echo $((us / 1000)); }
spaces_of() { # TEST: how it comes into namespaces of its own, if it does
    spaces=()
    [ -z "$private" ] || spaces=(-m --propagation private)
    [ -n "$lent_users" ] && grep -qs '^# as root' "$1" && spaces=(--map-root-user --map-auto -m)
}
launch() { # TEST: in its surroundings
    case $1 in
    */replay_*) set -- "$1" "tests/fuzz/corpus/${name#replay_}" ;;
    *.sh) set -- env LD_PRELOAD="$lent/clock.so" bash "$1" ;;
    esac
    set -- env HOME="$scratch/home" TMPDIR="$scratch/tmp" KWIT_STATE_DIR="$scratch/state" XDG_CONFIG_HOME="$scratch/config" \
        SCRATCH="$scratch" LC_ALL="${TEST_LANG:-C.UTF-8}" LANG="${TEST_LANG:-C.UTF-8}" TZ="${TEST_ZONE:-UTC}" "$@"
    set -- timeout "${TEST_TIMEOUT:-3600}" "$@"
    if [ ${#spaces[@]} -gt 0 ]; then unshare "${spaces[@]}" bash -c 'alone "$@"' - "$@"; else rooms && "$@"; fi
}
run_one() {
    name=$(basename "$1") status=0 began=$(now_ms) log=$logs/$(basename "$1").log
    own=$(mktemp -d /tmp/kwit-test.XXXXXX) place=${TEST_PLACE:-scratch}
    local spaces=()
    spaces_of "$1"
    [ ${#spaces[@]} -gt 0 ] && scratch=/tmp/test/$place || scratch=$own/tmp/test/$place
    export own place
    launch "$1" >"$log" 2>&1 </dev/null || status=$?
    chmod -R u+rwX "$own" 2>/dev/null; rm -rf "$own"
    took=$(($(now_ms) - began))
    case $status in
    0) echo "ok      $name ($took ms)"; echo "$name" >>"$logs/passed" ;;
    77) echo "skipped $name ($took ms)"; echo "$name: $(tail -1 "$log")" >>"$logs/skipped" ;;
    *) echo "FAILED  $name (exit $status, $took ms)"; tail -40 "$log" | sed 's/^/    /'; echo "$name" >>"$logs/failed" ;;
    esac
}
export -f run_one launch spaces_of now_ms
export build logs lent private plenty lent_users
run_all() { # NAME: the list on standard input
    local began; began=$(now_ms)
    grep -E "${names:-.}" | xargs -d '\n' -P "${TEST_JOBS:-$(($(nproc) + 1))}" -I{} bash -c 'run_one "$1"' - {}
    printf '%s: %d s\n' "$1" $((($(now_ms) - began) / 1000))
}

[ "$what" = scripts ] || [ -n "$(list_units)" ] || { echo "no unit programs in $build/sanitize/tests: make sanitized-programs"; exit 1; }
before=$(strays)
[ "$what" = scripts ] || list_units | run_all "unit programs"
[ "$what" = unit ] || list_scripts | run_all "scripts"
left=$(comm -13 <(sort <<<"$before") <(strays | sort))
[ -z "$left" ] || { echo "FAILED  left outside the tests' own directories:" $left; echo strays >>"$logs/failed"; }
count() { [ -f "$logs/$1" ] && wc -l <"$logs/$1" || echo 0; }
grep -H 'not tried: ' "$logs"/*.log 2>/dev/null | sed "s|^.*/\([^/]*\)\.log:|\1: |" >>"$logs/partly"
passed=$(count passed) failed=$(count failed) skipped=$(count skipped)
if [ -n "${TALLY:-}" ]; then
    echo "$passed $failed $skipped" >>"$TALLY/counts"
    cat "$logs/skipped" "$logs/partly" >>"$TALLY/skipped" 2>/dev/null
else
    sed 's/^/skipped: /' "$logs/skipped" "$logs/partly" 2>/dev/null
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
