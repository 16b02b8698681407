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
    simulator) echo "simulator base data profile image grammar transport" ;;
    api) ls driver ;;
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
for room in driver/*/; do
    room=$(basename "$room")
    ok=" $(allowed "$room" | tr '\n' ' ') "
    while IFS=: read -r file line text; do
        target=$(sed -n 's/.*#include "\([^"]*\)".*/\1/p' <<<"$text")
        case $target in */*) part=${target%%/*} ;; *) continue ;; esac
        [ "$part" = gen ] && continue
        [[ $ok == *" $part "* ]] || complain "$file:$line: $room may not include $target"
    done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include "' "driver/$room" --include='*.c' --include='*.h')
done
while IFS=: read -r file line text; do
    complain "$file:$line: the command may include only its own and the public headers"
done < <(grep -rnE '#include "(\.\.|base|data|config|profile|state|sale|locale|image|page|text|survey|layout|escpos|grammar|transport|journal|delivery|report|simulator|api)/' cli)
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
