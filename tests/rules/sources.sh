#!/bin/bash
# sources.sh - what a reviewer would otherwise count by hand: sizes, openings, words that do not belong, the top level.
export LC_ALL=C.UTF-8               # columns are characters
bad=0
complain() { echo "$1"; bad=1; }
sources=$(git ls-files '*.c' '*.h' '*.def' '*.sh' '*.py' '*.mk' Makefile README.md 2>/dev/null || true)
[ -n "$sources" ] || sources=$(find Makefile README.md include driver cli tests udev -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o -name '*.py')

# The top level holds what a newcomer should see first, and nothing else.
while read -r entry; do
    case $entry in
    Makefile | README.md | LICENSE | include | driver | cli | tests | udev | .*) ;;
    *) complain "$entry: does not belong on the top level" ;;
    esac
done < <(git ls-files | cut -d/ -f1 | sort -u)

for file in $sources; do
    [ -f "$file" ] || continue
    # Rows are as long as there are facts; code is not.
    case $file in
    *.c | *.h) limit=600 ;;
    *) limit= ;;
    esac
    if [ -n "$limit" ] && [ "$(wc -l <"$file")" -gt "$limit" ]; then
        complain "$file: $(wc -l <"$file") lines; a file has at most $limit"
    fi
    case $file in
    *.c | *.h | *.def)
        head -1 "$file" | grep -q '^/\*' || complain "$file:1: a file opens with its duty in a comment" ;;
    *.sh) head -2 "$file" | grep -q '^#!' || complain "$file:1: a script opens with its interpreter" ;;
    esac
done

# Lines that fit a wide terminal, but for long texts; tabs only in makefiles.
while IFS=: read -r file line text; do
    complain "$file:$line: ${#text} columns; a line has at most 120"
done < <(grep -nE '^.{121,}' $(grep -E '\.[ch]$' <<<"$sources") /dev/null | grep -vE '^driver/data/|"[^"]{70,}|\\"|\\x|("[^"]*", ){3}')
grep -nP '\t' $(grep -E '\.[ch]$' <<<"$sources") /dev/null | sed 's/^\([^:]*:[0-9]*\):.*/\1: a tab; indent by four spaces/' | grep . && bad=1

# Unfinished work, places of one machine. This file names them and is left out.
others=$(grep -vE '^(tests/rules/sources\.sh|tests/lab/)' <<<"$sources")
grep -nE '\b(TODO|FIXME|XXX|HACK|WIP)\b' $others | sed 's/$/  <- unfinished work is an issue, not a comment/' | grep . && bad=1
grep -nE '/(home|Users)/[a-z]' $others | sed 's/$/  <- a path of one machine/' | grep . && bad=1

# Unsafe calls by name.
grep -nE '(^|[^a-z_>.])(gets|sprintf|vsprintf|strcat|strncpy|strncat|alloca|system|mktemp|tmpnam|atof|setlocale|strtok) *\(' \
    $(grep -E '^(driver|cli|include)/.*\.[ch]$' <<<"$sources") | sed 's/$/  <- a call that this house does not use/' | grep . && bad=1
# What keeps state between calls would be shared by all contexts of a process.
grep -nE '^static +(struct +[a-z_]+|[a-z_0-9]+_t|int|bool|char|unsigned|size_t) +[a-z_]+(\[[^]]*\])?( *=.*)?;' \
    $(grep -E '^driver/.*\.c$' <<<"$sources") | grep -vE 'const |kwit_result no_memory_result|_Thread_local|^driver/simulator/fonts/' |
    sed 's/$/  <- global state; it belongs to a context or a job/' | grep . && bad=1
exit $bad
