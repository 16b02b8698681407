#!/bin/sh
# office_demo.sh BUILD - the whole loop on this machine: a shop's office, a receipt on paper whose code opens its page, and
# who hears of the answer. Ends with Ctrl-C.
set -e
cd "$(dirname "$0")/.."
kwit=$1/kwit demo=${OFFICE_DEMO:-$1/office-demo} children=
rm -rf "$demo"
mkdir -p "$demo"
end() {
    for child in $children; do kill "$child" 2>/dev/null || true; done
    wait
}
trap end EXIT
trap 'exit 0' INT TERM
# The first line that a file gets from a program that goes on, or the end when the program does.
first_line() {
    while [ ! -s "$1" ]; do
        kill -0 "$2" 2>/dev/null || { cat "$1.err" >&2; exit 1; }
        sleep 0.1
    done
    head -1 "$1"
}
"$kwit" office demo "$demo/shop" --json >"$demo/office" 2>"$demo/office.err" &
office=$! children=$!
"$kwit" simulate --listen tcp:127.0.0.1:0 --speed fast --out "$demo/paper" >"$demo/printer" 2>"$demo/printer.err" &
printer=$! children="$children $!"
url=$(first_line "$demo/office" "$office" | sed 's/.*"url":"\([^"]*\)".*/\1/')
port=$(first_line "$demo/printer" "$printer" | sed 's/.*:\([0-9]*\).*/\1/')
cat >"$demo/till.conf" <<END
[store]
id = DEMO
name = Demo shop

[printer]
uri = tcp://127.0.0.1:$port
profile = tm-t20iii

[survey]
url = $url/{token}
expires_days = 14
END
till() { "$kwit" --config "$demo/till.conf" --state "$demo/shop/till" "$@"; }
office() { echo "$kwit --config $demo/shop/office/kwit.conf --state $demo/shop/office $*"; }
till survey key derive --epoch 1 --handle 9 -o "$demo/till.key" >/dev/null
till survey key import "$demo/till.key" >/dev/null
cat >"$demo/sale.json" <<END
{"kwit": 1, "id": "demo-$$", "time": "$(date -u +%Y-%m-%dT%H:%M:%S)+00:00", "locale": "en-GB", "currency": "GBP", "terminal": "9",
 "lines": [{"name": "Flat white", "quantity": "2", "unit_price": "3.40", "total": "6.80"}], "total": "6.80"}
END
till print "$demo/sale.json"
echo
echo "The receipt: $demo/paper/0001.png"
if command -v zbarimg >/dev/null; then
    echo "Its code:    $(zbarimg -q --raw "$demo/paper/0001.png" 2>/dev/null | head -1)"
fi
echo "Open that address, answer with 1 or 2, and look:"
echo "  $demo/shop/office/mail/"
echo "  $(office report alerts)"
echo "  $(office report)"
echo "Ctrl-C ends it."
wait "$office"
