#!/bin/bash
# parts.sh FILE BUILD MAKE - runs the parts of a check one after the other and closes with how long each took, what was
# skipped, and one line for all: N passed, N failed, N skipped.
#
# A row of FILE: the part's name, a tab, its command. A name that begins with ! must succeed for the rest to make sense.
rows=$1
export BUILD=$2 MAKE=$3
outer=${TALLY:-}
TALLY=$(mktemp -d) && export TALLY || exit 1
trap 'rm -rf "$TALLY"' EXIT
touch "$TALLY/counts" "$TALLY/skipped"
bad=0
while IFS=$'\t' read -r name command; do
    case $name in '' | '#'*) continue ;; esac
    began=$SECONDS verdict=ok
    echo "== ${name#!}"
    before=$(wc -l <"$TALLY/counts")
    bash -c "$command" </dev/null || verdict=FAILED
    # A part that counts nothing counts as one.
    [ "$(wc -l <"$TALLY/counts")" -gt "$before" ] ||
        case $verdict in ok) ;; *) echo "0 1 0" >>"$TALLY/counts" ;; esac
    printf '%-8s%5d s  %s\n' "$verdict" $((SECONDS - began)) "${name#!}" >>"$TALLY/times"
    [ $verdict = ok ] && continue
    bad=1
    case $name in !*) break ;; esac
done <"$rows"
echo "== how long each part took"
cat "$TALLY/times"
printf '%-8s%5d s  all\n' "" "$SECONDS"
sed 's/^/skipped: /' "$TALLY/skipped"
total=$(awk '{ passed += $1; failed += $2; skipped += $3 } END { printf "%d %d %d", passed, failed, skipped }' "$TALLY/counts")
[ -z "$outer" ] || { echo "$total" >>"$outer/counts"; cat "$TALLY/skipped" >>"$outer/skipped"; }
read -r passed failed skipped <<<"$total"
echo "$passed passed, $failed failed, $skipped skipped"
[ $bad -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
