#!/bin/sh
# demo.sh BUILD - prints the example sale on the simulated printer and says where the picture of the paper is.
# Each call is a shop of its own: what an earlier one printed would be a duplicate.
set -e
cd "$(dirname "$0")/.."
kwit=$1/kwit demo=$1/demo sale=tests/fixtures/sales/example.json
rm -rf "$demo"
mkdir -p "$demo/state"
cat >"$demo/kwit.conf" <<END
[store]
id = demo

[printer]
uri = sim:$demo/paper?profile=tm-t20iii

[survey]
url = HTTPS://FB.EXAMPLE/{token}
address = fb.example
help = +44 20 7946 0000
END
run() { "$kwit" --config "$demo/kwit.conf" --state "$demo/state" "$@"; }
run survey key new >"$demo/key.log" 2>&1 || { cat "$demo/key.log" >&2; exit 1; }
run print "$sale"
echo
sed 's/^/    /' "$demo/paper/0001.txt"
echo
echo "The paper:  $demo/paper/0001.png"
echo "Its events: $demo/paper/events.jsonl     What was sent: $demo/paper/wire.bin"
if command -v zbarimg >/dev/null; then
    echo "Its QR:     $(zbarimg -q --raw "$demo/paper/0001.png" 2>/dev/null | head -1)"
fi
echo "A real one: $kwit print $sale"
echo "            where a receipt printer is on USB; without one the sale is kept until one is (queued, exit 75)"
