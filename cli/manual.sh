#!/bin/sh
# manual.sh - the manual pages, as lowdown typesets them.
#
#   manual.sh name FILE.md            the file name of a chapter's page: name.section
#   manual.sh page FILE.md VERSION    a chapter: its heading is `# name(section): what it is`
#   manual.sh command KWIT NAME       kwit-NAME(1), from what the command says of itself
#   manual.sh summary KWIT README     kwit(1): what it is, its commands, its exits, where to read on
set -eu
kind=$1 written=2026-11-20

# Markdown on standard input to a page: its first line is the heading; links to other pages are their names. The first
# line of a page with tables says so to man(1); the narrow columns of a table are not spread to their right edge, long addresses
# in them may be broken behind their signs, long names of models before their number, and a bar stands there without the
# backslash that Markdown needs.
typeset_page() {
    version=$1
    sed -e 's/\[\([^]]*([0-9])\)\]([^)]*)/**\1**/g' -e 's/\[\([^]]*\)\]([^)]*\.md)/\1/g' -e 's/\[\([^]]*\)\](examples[^)]*)/\1/g' -e '/^<!--.*-->$/d' -e '/^<img /d' |
        awk -v name="$name" -v about="$about" 'NR == 1 { print "# NAME\n\n" name " - " about "\n\n# DESCRIPTION"; next }
            /^```/ { code = !code } !code && /^##/ { sub(/^#/, "") } { print }' |
        lowdown -s -t man --parse-no-autolink --out-no-smarty -m "date: $written" -m "title: $name" -m "section: $section" -m "source: kwit $version" -m "volume: kwit" |
        sed -e 's/\\fC/\\fB/g' -e 's/\\f(C[BIR]/\\fB/g' | awk '/^\.S[HS]$/ { head = $0; next } head { $0 = head " " $0; head = "" }
            /^\.S[HS] / { fresh = 1; print; next }
            fresh && /^\.[LP]P$/ { next } { fresh = 0; print }' |
        sed '/^\.SH NAME$/{n;s/ - / \\- /;}' |
        awk 'function breakable(line,   words, count, i, at, out) {
                count = split(line, words, " ")
                for (i = 1; i <= count; i++) {
                    if (length(words[i]) > 16) gsub(/[\/?&=,.]+/, "&\001", words[i])
                    if (length(words[i]) > 12) while (at = match(words[i], /[a-zA-Z][a-zA-Z][a-zA-Z]-[0-9]/))
                        words[i] = substr(words[i], 1, at + 3) "\001" substr(words[i], at + 4)
                    out = out (i > 1 ? " " : "") words[i]
                }
                return out
            }
            /^\.TS/ { tables = inside = 1; page = page ".na\n" } /^\.TE/ { inside = 0 }
            inside && /^[^.]/ { gsub(/\\e\|/, "|"); $0 = breakable($0) }
            { page = page $0 "\n" } /^\.TE/ { page = page ".ad\n" } END { if (tables) print "\047\\\" t"; printf "%s", page }' |
        sed "s/$(printf '\001')/\\\\:/g"        # awks differ in what a backslash is in a replacement
}
# The parts of a heading `# name(section): about`.
heading() {
    name=$(sed -n '1s/^# \([^(]*\)(.*/\1/p' "$1")
    section=$(sed -n '1s/^# [^(]*(\([0-9]\)).*/\1/p' "$1")
    about=$(sed -n '1s/^# [^:]*: //p' "$1")
}
# The lines of one --help as Markdown: usage, summary, options.
options() {
    "$1" "$2" --help | awk '
        /^usage: / { print "    " substr($0, 8); usage = 1; next }
        usage && /^ +/ { sub(/^ +/, ""); print "      " $0; next }
        usage { usage = 0; print "" }
        /^  +(-|[a-z])/ { at = match(substr($0, 3), /  +/)
                    word = at ? substr($0, 3, at - 1) : substr($0, 3); text = at ? substr($0, 2 + at) : ""
                    sub(/^ +/, "", text)
                    print "\n`" word "`\n:   " (text == "" ? "." : text); next }
        { print "\n" $0 }'
}
case $kind in
name)
    heading "$2"
    echo "$name.$section"
    ;;
page)
    heading "$2"
    typeset_page "$3" <"$2"
    ;;
command)
    name=kwit-$3 section=1
    about=$("$2" --help | sed -n "s/^  $3 \{1,\}//p")
    version=$("$2" --version) version=${version##* }
    { echo "# $name"; echo; options "$2" "$3"; printf '\n## SEE ALSO\n\n**kwit(1)**\n'; } | typeset_page "$version"
    ;;
summary)
    name=kwit section=1 about="print a receipt once, and say what came of it"
    version=$("$2" --version) version=${version##* }
    {
        echo "# kwit"
        printf '\n    kwit [--config FILE] [--state DIR] COMMAND [ARGUMENT…]\n\n'
        sed -n '3,/^$/p' "$3"
        printf '## COMMANDS\n'
        "$2" --help | sed -n 's/^  \([a-z][a-z-]*\) \{1,\}\(.*\)/\n`kwit \1`\n:   \2: **kwit-\1(1)**/p'
        printf '\n## EXIT STATUS\n'
        sed -n 's/^| \([0-9][0-9]*\) | \([^|]*\) | [^|]* | \([^|]*\) |$/\n`\1`\n:   \2: \3/p' "$3"
        printf '\n## FILES\n\n`/etc/kwit/kwit.conf`, `/etc/kwit/conf.d/*.conf`\n:   the configuration, **kwit.conf(5)**\n'
        printf '\n`/var/lib/kwit`\n:   the journal, the queue and the keys, **kwit-administer(8)**\n\n## SEE ALSO\n\n'
        sed -n '/^## Read on/,$p' "$3" | grep -o '\[[^]]*([0-9])\]([^)]*)' | sed -e 's/^\[\([^]]*\)\].*/**\1**/' | paste -sd, | sed 's/,/, /g'
    } | typeset_page "$version"
    ;;
esac
