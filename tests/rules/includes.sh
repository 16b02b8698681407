#!/bin/bash
# includes.sh - each room includes only what the house allows: one direction of flow, one owner of each library.
allowed() {
    case $1 in
    base) echo "base" ;;
    data) echo "data" ;;
    config) echo "config base" ;;
    profile) echo "profile base data" ;;
    state) echo "state base" ;;
    sale) echo "sale base data" ;;
    locale) echo "locale base data" ;;
    image) echo "image base" ;;
    page) echo "page base image" ;;
    text) echo "text base data profile image page" ;;
    survey) echo "survey base data" ;;
    layout) echo "layout base data profile sale locale image page text survey" ;;
    escpos) echo "escpos base profile page image" ;;
    grammar) echo "grammar base" ;;
    transport) echo "transport base" ;;
    journal) echo "journal base" ;;
    delivery) echo "delivery base profile escpos transport journal state" ;;
    report) echo "report base data locale journal survey" ;;
    simulator) echo "simulator simulator/fonts base data profile image grammar transport" ;;
    api) echo "$rooms" ;;
    simulator/fonts) echo "simulator/fonts" ;;
    esac
}
# Headers of outside libraries and the only rooms (or files) that may include them.
owners='
libusb driver/transport/usb
sqlite3.h driver/journal/
sodium driver/survey/ driver/journal/ driver/sale/ driver/config/ driver/state/
qrencode driver/image/
png.h driver/image/
expat.h driver/report/xlsx
ini.h driver/config/
raqm driver/text/raqm
hb driver/text/raqm
fribidi driver/text/raqm
ft2build driver/text/raqm driver/simulator/fonts/
zint driver/simulator/
jansson driver/sale/ driver/report/
'
bad=0
complain() { echo "$1"; bad=1; }
# Every folder with sources of its own is a room, nested ones (simulator/doors) too; fonts/ runs while building.
rooms=$(find driver -mindepth 2 \( -name '*.c' -o -name '*.h' \) -printf '%h\n' | sed 's|^driver/||' | grep -v '/fonts$' | sort -u)
room_of() {                         # the room of a header as it is included; a folder of rows alone belongs to the room above
    case $'\n'$rooms$'\n' in *$'\n'"${1%/*}"$'\n'*) echo "${1%/*}" ;; *) echo "${1%%/*}" ;; esac
}
for room in $rooms; do
    ok=" $(allowed "$room" | tr '\n' ' ') "
    [ "$ok" != "  " ] || complain "driver/$room: a room without a row in tests/rules/includes.sh"
    while IFS=: read -r file line text; do
        target=$(sed -n 's/.*#include "\([^"]*\)".*/\1/p' <<<"$text")
        case $target in */*) part=$(room_of "$target") ;; *) continue ;; esac
        [ "${part%%/*}" = gen ] && continue
        [[ $ok == *" $part "* ]] || complain "$file:$line: $room may not include $target"
    done < <(grep -nE '^[[:space:]]*#[[:space:]]*include "' /dev/null driver/"$room"/*.[ch])
done
while IFS=: read -r file line text; do
    complain "$file:$line: the command may include only its own and the public headers"
done < <(grep -rnE "#include \"(\.\.|$(cd driver && ls | paste -sd'|'))/" cli)
while read -r header places; do
    [ -n "$header" ] || continue
    while IFS=: read -r file line text; do
        fine=0
        for place in $places; do [[ $file == "$place"* ]] && fine=1; done
        [ $fine = 1 ] || complain "$file:$line: $header belongs to $places"
    done < <(grep -rnE "#include [<\"][^>\"]*$header" driver cli include --include='*.c' --include='*.h' | grep -vE '#include "(image|config)/')
done <<<"$owners"
while IFS=: read -r file line text; do
    complain "$file:$line: the library never prints and never exits"
done < <(grep -rnE '(^|[^a-z_])(printf|puts|putchar|perror|fprintf|exit|abort) *\(' driver --include='*.c' | grep -v 'driver/simulator/fonts/')
exit $bad
