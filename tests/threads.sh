#!/bin/bash
# threads.sh BUILD - what starts threads, built for ThreadSanitizer in BUILD/thread, is run; every report fails.
#
# A report does not end the program: a server that raced is judged by its own test first, and by its report here.
build=$1/thread
cd "$(dirname "$0")/.." || exit 1
reports=$PWD/$build/reports
rm -rf "$reports" && mkdir -p "$reports" || exit 1
# The runner looks for unit programs and the clock where the other sanitizers put them; the clock is not watched.
ln -sfn . "$build/sanitize" && cp "$1/tests/clock.so" "$build/tests/clock.so" || exit 1
TSAN_OPTIONS="log_path=$reports/report" bash tests/run.sh "$build" all '/(tap_listen|tap_slow|tap_print|office|journal_retention)\.sh|sanitize/'
status=$?
for report in "$reports"/*; do
    [ -f "$report" ] || continue
    status=1
    echo "FAILED  $(basename "$report")"
    sed -n '1,20p' "$report"
done
exit $status
