#!/bin/bash
# parts.sh FILE BUILD MAKE - runs the parts of a check one after the other and closes with how long each took, what was
# skipped, and one line for all: N passed, N failed, N skipped.
#
# A row of FILE: the part's name, a tab, its command. A name that begins with ! must succeed for the rest to make sense; one
# that begins with & keeps one processor busy, and goes beside what follows it, up to the next of its kind or the end.
rows=$1
export BUILD=$2 MAKE=$3
outer=${TALLY:-}
TALLY=$(mktemp -d) && export TALLY || exit 1
trap 'rm -rf "$TALLY"' EXIT
touch "$TALLY/counts" "$TALLY/skipped"
bad=0 beside=
run_part() { # NAME COMMAND
    local own began=$SECONDS verdict=ok
    own=$(mktemp -d "$TALLY/part.XXXXXX") && touch "$own/counts" "$own/skipped" || return 1
    TALLY=$own bash -c "$2" </dev/null || verdict=FAILED
    # A part that counts nothing counts as one.
    [ -s "$own/counts" ] || [ $verdict = ok ] || echo "0 1 0" >"$own/counts"
    cat "$own/counts" >>"$TALLY/counts"
    cat "$own/skipped" >>"$TALLY/skipped"
    printf '%-8s%5d s  %s\n' "$verdict" $((SECONDS - began)) "$1" >>"$TALLY/times"
    [ $verdict = ok ]
}
end_beside() {
    [ -n "$beside" ] || return
    wait "$beside" || bad=1
    cat "$TALLY/said"
    beside=
}
while IFS=$'\t' read -r name command; do
    case $name in
    '' | '#'*) continue ;;
    '&'*)
        end_beside
        echo "== ${name#&}, beside what follows"
        { echo "== ${name#&}"; run_part "${name#&}" "$command"; } >"$TALLY/said" 2>&1 &
        beside=$!
        continue
        ;;
    esac
    echo "== ${name#!}"
    run_part "${name#!}" "$command" && continue
    bad=1
    case $name in !*) break ;; esac
done <"$rows"
end_beside
echo "== how long each part took"
cat "$TALLY/times"
printf '%-8s%5d s  all\n' "" "$SECONDS"
sed 's/^/skipped: /' "$TALLY/skipped"
total=$(awk '{ passed += $1; failed += $2; skipped += $3 } END { printf "%d %d %d", passed, failed, skipped }' "$TALLY/counts")
[ -z "$outer" ] || { echo "$total" >>"$outer/counts"; cat "$TALLY/skipped" >>"$outer/skipped"; }
read -r passed failed skipped <<<"$total"
echo "$passed passed, $failed failed, $skipped skipped"
[ $bad -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
