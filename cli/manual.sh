#!/bin/sh
# manual.sh KWIT README - writes kwit(1) from what the command says of itself and the README's table of outcomes.
set -eu
kwit=$1 readme=$2

# Backslashes and leading dots are the typesetter's; a hyphen is to stay one that can be copied.
plain() {
    sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"
}

# The lines of one --help: usage, summary, options.
section() {
    "$kwit" "$1" --help | plain | awk '
        /^usage: / { sub(/^usage: /, ""); print ".SS " $0; continued = 1; next }
        continued && /^ / { sub(/^ +/, ""); print ".br"; print; next }
        /^  +(\\-|[a-z])/ { continued = 0; at = match(substr($0, 3), /  +/)
                    if (!at) { print ".TP"; print ".B " substr($0, 3); next }
                    print ".TP"; print ".B " substr($0, 3, at - 1)
                    text = substr($0, 2 + at); sub(/^ +/, "", text); print text; next }
        { continued = 0; if ($0 != "") print ".PP\n" $0 }'
}

version=$("$kwit" --version)
printf '.TH KWIT 1 "" "kwit %s" "User Commands"\n.SH NAME\nkwit \\- print a receipt once, and say what came of it\n' \
    "${version##* }"
printf '.SH SYNOPSIS\n.B kwit\n[\\-\\-config FILE] [\\-\\-state DIR] COMMAND [ARGUMENT…]\n.SH DESCRIPTION\n'
sed -n '3,/^$/p' "$readme" | plain
printf '.SH COMMANDS\n'
"$kwit" --help | awk '/^  [a-z]/ { print $1 }' | while read -r command; do
    section "$command"
done
printf '.SH EXIT STATUS\n'
sed -n 's/^| \([0-9][0-9]*\) | \([^|]*\) | [^|]* | \([^|]*\) |$/\1|\2|\3/p' "$readme" | tr -d '`' | plain |
    awk -F'|' '{ print ".TP\n.B " $1 "\n.I " $2 "\n.br\n" $3 }'
cat <<'END'
.SH FILES
.TP
.I /etc/kwit/kwit.conf, /etc/kwit/conf.d/*.conf
the configuration;
.B kwit config show \-\-origin
says what holds and where it stands
.TP
.I /var/lib/kwit
the journal, the queue and the keys; instead of it \-\-state, $KWIT_STATE_DIR or, where it does not exist,
~/.local/state/kwit
END
