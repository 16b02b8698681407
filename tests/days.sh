#!/bin/bash
# days.sh BUILD [short|long|TIME] - the tests that know of time, on the days of days.rows: in their zones and languages,
# below a home and on a path with spaces, as an ordinary user, on a slower machine. TIME: the row of that time alone.
build=$1 form=${2:-long}
cd "$(dirname "$0")/.." || exit 1
units='test_(base|delivery|delivery_time|journal|state|survey|times|token|touchpoint|transport_files|experiments|report_stats|locale)'
scripts='beside|config|print|journal|journal_merge|survey_(campaign|import|links|report|token)'
[ "$form" != short ] || scripts='beside|config|print|journal|journal_merge|survey_(links|token)'
work=$(mktemp -d /tmp/kwit-days.XXXXXX) && chmod 755 "$work" || exit 1
home=$(mktemp -d ~/kwit-days.XXXXXX) || exit 1
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work" "$home"' EXIT

# Languages that the machine has not set up are made for the occasion.
speak() {
    case $1 in C.*) return ;; esac
    mkdir -p "$work/locales" && export LOCPATH=$work/locales
    [ -d "$LOCPATH/$1" ] || localedef -i "${1%.*}" -f "${1#*.}" "$LOCPATH/$1" >/dev/null 2>&1 || [ -d "$LOCPATH/$1" ] ||
        { echo "the language $1 cannot be made (package locales)"; return 1; }
}
copy() { # what the tests read, without what only building needs
    mkdir -p "$1/$build/tests" "$1/$build/sanitize/tests" &&
        { git ls-files 2>/dev/null || find . -path ./build -prune -o -type f -print; } | tar c -T - | tar x -C "$1" &&
        find "$build" -maxdepth 1 ! -type d -exec cp -P {} "$1/$build/" \; && cp "$build/tests/clock.so" "$1/$build/tests/" &&
        find "$build/sanitize/tests" | grep -E "/$units\$" | xargs cp -t "$1/$build/sanitize/tests" && chmod -R go+rX "$1"
}
place_of() { # PLACE WHO: a tree that whoever it is can read
    local place=$work/tree
    case $1 in
    home) place=$home/tree ;;
    spaces) place="$work/a tree with spaces" ;;
    here) [ "$2" = self ] && { pwd; return; } ;;
    esac
    [ -d "$place" ] || copy "$place" || return 1
    echo "$place"
}
# An ordinary user has the system's own tools, and writes where he is let.
as() { # WHO command…
    local who=$1; shift
    [ "$who" = user ] && [ "$(id -u)" = 0 ] || { "$@"; return; }
    mkdir -p "$work/user" && chown 65534:65534 "$work/user"
    setpriv --reuid=65534 --regid=65534 --clear-groups env PATH=/usr/local/bin:/usr/bin:/bin HOME="$work/user" "$@"
}
slow_down() { # TIMES: as many others want the processors
    local i
    for ((i = 0; i < ($1 - 1) * $(nproc); i++)); do
        (while :; do :; done) & others+=($!)
    done
}
one_day() {
    local time=${1#+} zone=$2 language=$3 where=$4 who=$5 times=$6 tree status=0 others=()
    local logs=$work/logs-$time
    speak "$language" && tree=$(place_of "$where" "$who") && mkdir -m 777 "$logs" || return 1
    slow_down "$times"
    (cd "$tree" && as "$who" env -u TALLY TEST_TIME="$time" TEST_ZONE="$zone" TEST_LANG="$language" LOGS="$logs" \
        bash tests/run.sh "$build" all "/($units|($scripts)\\.sh)\$") >"$work/said-$time" 2>&1 || status=1
    [ ${#others[@]} -eq 0 ] || { kill "${others[@]}"; wait "${others[@]}"; } 2>/dev/null
    unset LOCPATH
    printf '%-7s %s %s %s, %s, %s, %s times slower: %s\n' "$([ $status = 0 ] && echo ok || echo FAILED)" "$time" "$zone" "$language" \
        "$where" "$who" "$times" "$(tail -1 "$work/said-$time")"
    [ $status = 0 ] || grep -v '^ok ' "$work/said-$time" | sed 's/^/    /'
    return $status
}
days=()
while read -r row; do
    case $row in '#'*) continue ;; esac
    case $form in short) [ "${row#+}" != "$row" ] || continue ;; long) ;; *) case ${row#+} in "$form"*) ;; *) continue ;; esac ;; esac
    days+=("$row")
done <tests/days.rows
# What several share is made first. They mostly wait: two go side by side, but for those of a slower machine.
for row in "${days[@]}"; do
    read -r _ _ language where who times <<<"$row"
    (speak "$language" && place_of "$where" "$who" >/dev/null) || exit 1
    [ "$times" = 1 ] || wait
    # shellcheck disable=SC2086
    { one_day $row </dev/null >"$work/day-${row%% *}" || echo "$row" >>"$work/not-green"; cat "$work/day-${row%% *}"; } &
    until [ "$(jobs -rp | wc -l)" -lt $((times > 1 ? 1 : 2)) ]; do wait -n; done
done
wait
bad=$(cat "$work/not-green" 2>/dev/null | wc -l)
[ -z "${TALLY:-}" ] || echo "$((${#days[@]} - bad)) $bad 0" >>"$TALLY/counts"
echo "${#days[@]} days, $bad of them not green"
[ "$bad" -eq 0 ] && [ "${#days[@]}" -gt 0 ]
